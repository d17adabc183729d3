"""A GGUF file in llama.cpp, by the low-level API of llama-cpp-python: what it makes of given tokens, greedy answers, and
many answers at a time."""

import ctypes
import time

import llama_cpp
import numpy

F32, F16 = 0, 1
QUIET = llama_cpp.llama_log_callback(lambda level, text, data: None)
llama_cpp.llama_log_set(QUIET, None)


class Model:
    """On `threads` threads; keys and values are kept in `cache`."""

    def __init__(self, path, threads=2, cache=F16, tokens=4096, answers=1, flash=False, unified=True):
        self.model = llama_cpp.llama_model_load_from_file(
            str(path).encode(), llama_cpp.llama_model_default_params())
        if not self.model:
            raise SystemExit(f"{path}: llama.cpp does not open it")
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx = tokens
        settings.n_batch = settings.n_ubatch = min(tokens, 2048)
        settings.n_seq_max = answers
        settings.n_threads = settings.n_threads_batch = threads
        settings.type_k = settings.type_v = cache
        settings.flash_attn_type = int(flash)
        settings.kv_unified = unified
        settings.no_perf = True
        self.context = llama_cpp.llama_init_from_model(self.model, settings)
        self.memory = llama_cpp.llama_get_memory(self.context)
        self.words = llama_cpp.llama_model_get_vocab(self.model)
        self.width = llama_cpp.llama_vocab_n_tokens(self.words)
        self.batch = llama_cpp.llama_batch_init(settings.n_batch, 0, 1)

    def close(self):
        llama_cpp.llama_batch_free(self.batch)
        llama_cpp.llama_free(self.context)
        llama_cpp.llama_model_free(self.model)

    def tokens(self, text):
        encoded = text.encode()
        found = (llama_cpp.llama_token * (len(encoded) + 8))()
        count = llama_cpp.llama_tokenize(
            self.words, encoded, len(encoded), found, len(found), False, True)
        return list(found[:count])

    def text(self, tokens):
        room = ctypes.create_string_buffer(256)
        pieces = []
        for token in tokens:
            size = llama_cpp.llama_token_to_piece(self.words, token, room, len(room), 0, True)
            pieces.append(room.raw[:size])
        return b"".join(pieces).decode(errors="replace")

    def decode(self, entries):
        """Entries are (token, position, sequence, whether its logits are wanted)."""
        self.batch.n_tokens = len(entries)
        for index, (token, position, sequence, is_wanted) in enumerate(entries):
            self.batch.token[index] = token
            self.batch.pos[index] = position
            self.batch.n_seq_id[index] = 1
            self.batch.seq_id[index][0] = sequence
            self.batch.logits[index] = is_wanted
        status = llama_cpp.llama_decode(self.context, self.batch)
        if status:
            raise SystemExit(f"llama_decode: {status}")

    def logits(self, rows):
        """Of the last rows that were wanted, in their order."""
        place = llama_cpp.llama_get_logits(self.context)
        return numpy.ctypeslib.as_array(place, shape=(rows * self.width,)).reshape(rows, -1)

    def forget(self):
        llama_cpp.llama_memory_clear(self.memory, True)

    def logprobs(self, tokens):
        """A row for each token: of what may follow it."""
        self.forget()
        self.decode([(token, index, 0, True) for index, token in enumerate(tokens)])
        rows = self.logits(len(tokens)).astype(numpy.float64)
        rows -= rows.max(axis=1, keepdims=True)
        return rows - numpy.log(numpy.exp(rows).sum(axis=1, keepdims=True))

    def greedy(self, prompt, most):
        """The likeliest tokens up to the end of the turn, which is left out."""
        self.forget()
        self.decode([(token, index, 0, index + 1 == len(prompt)) for index, token in enumerate(prompt)])
        found = []
        while True:
            token = int(self.logits(1)[0].argmax())
            if llama_cpp.llama_vocab_is_eog(self.words, token):
                return found
            found.append(token)
            if len(found) == most:
                return found
            self.decode([(token, len(prompt) + len(found) - 1, 0, True)])

    def seconds(self, prompt, answers, length, draws, clock=time.perf_counter):
        """For so many answers of so many tokens to one prompt, which is read once; without `draws` of the passes alone,
        whose tokens are made up, as llama-batched-bench has it."""
        chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
        llama_cpp.llama_sampler_chain_add(chain, llama_cpp.llama_sampler_init_dist(1))
        self.forget()
        start = clock()
        self.decode([(token, index, 0, index + 1 == len(prompt)) for index, token in enumerate(prompt)])
        for sequence in range(1, answers):
            llama_cpp.llama_memory_seq_cp(self.memory, 0, sequence, -1, -1)
        for step in range(length):
            last = [
                llama_cpp.llama_sampler_sample(chain, self.context, row if step else -1)
                if draws else (1000 + 31 * step + 7 * row) % self.width for row in range(answers)]
            if step + 1 < length:
                self.decode([(token, len(prompt) + step, row, True) for row, token in enumerate(last)])
        taken = clock() - start
        llama_cpp.llama_sampler_free(chain)
        return taken
