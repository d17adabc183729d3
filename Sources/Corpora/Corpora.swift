// Corpora
