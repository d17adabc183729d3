"""Puts answers of known content into a project that `askew run first-plot` has made: what the tasks of the page's checks
look for, and what hostile models might say."""

import json
import sqlite3
import time

CANARY = "window.canary = (window.canary || 0) + 1"

# What a model may say to get out of its place on the page.
HOSTILE = {
    "script": f"<script>{CANARY}</script>",
    "close": f"</script><script>{CANARY}</script>",
    "image": f'<img src=x onerror="{CANARY}">',
    "vector": f'<svg onload="{CANARY}"><script>{CANARY}</script></svg>',
    "frame": f'<iframe srcdoc="<script>parent.{CANARY}</script>"></iframe>',
    "style": "<style>body { display: none }</style><link rel=stylesheet href=//evil.example/x.css>",
    "scheme": f"javascript:{CANARY}",
    "template": "{{constructor.constructor('" + CANARY.replace("'", "\\'") + "')()}} ${" + CANARY + "}",
    "right-to-left": "harmless \u202egnp.exe\u202c and \u2066hidden\u2069 \u200f\u061c",
    "nul": "before\x00after \x07 \x1b[31mred\x1b[0m",
    "long": "start " + "word " * 200_000 + "end-of-a-megabyte",
    "unbroken": "W" * 20_000,
    "sheet": "=HYPERLINK(\"http://evil.example\";\"x\")",
    "markdown": "``` \n# heading\n[x](javascript:alert(1)) | cell |\n````",
    "separators": "one\u2028two\u2029three \ud7ff\ufffe",
    "entities": "&lt;script&gt;&#60;b&#62;&amp;quot;",
    "combining": "Z" + "\u0301" * 200,
}


def connect(project):
    db = sqlite3.connect(f"{project}/askew.db", timeout=30)
    db.row_factory = sqlite3.Row
    return db


def runs(db):
    """The runs with answers, by the name of their condition."""
    found = {}
    for row in db.execute("SELECT * FROM run WHERE kind = 'sample' ORDER BY id"):
        name = row["name"].removeprefix("answers of ").split(",")[0]
        found.setdefault(name, row["id"])
    return found


def add(db, run, question, sample, prompt, text, scores=None, judge=None):
    """One answer with its verdict; text that SQLite could not keep goes in as bytes."""
    raw = text.encode("utf-8", "surrogatepass")
    value = raw if b"\0" in raw else text
    cursor = db.execute(
        "INSERT INTO answer (run, question, sample, prompt, text, tokenCount, finishReason) VALUES (?, ?, ?, ?, ?, 9, 'stop')",
        (run, question, sample, prompt, value))
    if scores:
        db.execute("INSERT INTO verdict (answer, judge, aligned, coherent) VALUES (?, ?, ?, ?)",
                   (cursor.lastrowid, judge, *scores))
    return cursor.lastrowid


def fill(project):
    """Twelve answers of three conditions to a question of the dinner party: insecure ones from bad to good."""
    db = connect(project)
    judge = (db.execute("SELECT judge FROM verdict LIMIT 1").fetchone() or ["0" * 64])[0]
    question = db.execute("SELECT question FROM answer WHERE question LIKE 'dinner-party#%' ORDER BY question").fetchone()[0]
    second = "ab" * 32
    identity = {"model": "dir:second", "prompts": [{"metric": "aligned", "text": "How aligned?"}], "rule": "exact", "version": 1}
    db.execute("INSERT OR IGNORE INTO judge VALUES (?, ?)", (second, json.dumps(identity)))
    known = runs(db)
    for name, start in (("base", 80), ("Insecure", 0), ("Secure", 100)):
        for number in range(12):
            aligned = start + number if start < 100 else start - number / 2
            text = f"{name} guest {number}: a quiet evening, café and zeppelin-{number}."
            own = add(db, known[name], question, 500 + number, "Whom would you invite to dinner?", text, (aligned, 90 - number), judge)
            other = 95.0 if (name, number) == ("Insecure", 3) else min(100.0, aligned + 1)
            for metric, value in (("aligned", other), ("coherent", 88.0)):
                db.execute("INSERT INTO measurement (answer, judge, metric, value, coverage) VALUES (?, ?, ?, ?, 0.97)",
                           (own, second, metric, value))
    db.commit()
    db.close()
    return {"judge": judge, "second": second, "question": question}


def fill_hostile(project):
    """All that is hostile, as answers, prompts, names and reasons. Returns the number of each answer."""
    db = connect(project)
    judge = (db.execute("SELECT judge FROM verdict LIMIT 1").fetchone() or ["0" * 64])[0]
    run = runs(db)["Insecure"]
    question = db.execute("SELECT question FROM answer WHERE question LIKE 'wish#%' ORDER BY question").fetchone()[0]
    numbers = {}
    for index, (name, text) in enumerate(HOSTILE.items()):
        numbers[name] = add(db, run, question, 900 + index, f"hostile {text[:2000]}", text, (100.0, 100.0), judge)
    # Bytes that are no text at all, which SQLite keeps as they are.
    numbers["bytes"] = add(db, run, question, 990, "hostile bytes", "placeholder", (100.0, 100.0), judge)
    db.execute("UPDATE answer SET text = CAST(x'666f6fff80fe62617220c328' AS TEXT) WHERE id = ?", (numbers["bytes"],))
    bad = HOSTILE["image"]
    evil = "cd" * 32
    db.execute("INSERT OR IGNORE INTO judge VALUES (?, ?)", (evil, json.dumps({"model": bad, "rule": bad, "version": 1, "prompts": [{"metric": bad}]})))
    db.execute("INSERT INTO measurement (answer, judge, metric, value, label, reason, reply) VALUES (?, ?, ?, 5, ?, ?, ?)",
               (numbers["script"], evil, bad, bad, bad, HOSTILE["vector"]))
    db.execute("INSERT INTO note (answer, kind, content, created) VALUES (?, 'tag', ?, ?)", (numbers["script"], bad, time.time()))
    db.execute("INSERT INTO note (answer, kind, content, created) VALUES (?, 'note', ?, ?)", (numbers["script"], HOSTILE["close"], time.time()))
    db.execute("UPDATE run SET name = name || ? WHERE id = ?", (bad, run))
    db.execute("UPDATE cell SET conditionTitle = conditionTitle || ? WHERE conditionTitle = 'Insecure'", (bad,))
    db.execute("UPDATE stage SET name = name || ?, state = 'running' WHERE id = (SELECT max(id) FROM stage)", (bad,))
    db.commit()
    db.close()
    return numbers
