"""Writes Sources/Formats/Tokenizer/CanonicalMapping+Table.swift: how `tokenizers` composes.

Decompositions are Python's, each asked of the library's NFC: some it composes, some it only takes
apart (singletons and exclusions), and what came after its version of Unicode it does not know.
"""

import pathlib
import unicodedata

import tokenizers
from tokenizers import normalizers

HEAD = '''// Written by scripts/canonical_mappings.py with tokenizers {version}; not to be edited.

extension CanonicalMapping {{
  /// Lines of a first code and the decompositions of the codes from there on, in hexadecimal:
  /// `a+b` composes to the code, `a=b` and `a` do not. Hangul syllables are computed.
  static let table = """
'''


def entries():
    nfc = normalizers.NFC().normalize_str
    for code in range(0x110000):
        text = unicodedata.decomposition(chr(code))
        if not text or text.startswith("<"):
            continue
        parts = text.split()
        decomposed = "".join(chr(int(part, 16)) for part in parts)
        if nfc(decomposed) == chr(code):
            assert len(parts) == 2
            yield code, f"{int(parts[0], 16):X}+{int(parts[1], 16):X}"
        elif nfc(chr(code)) != chr(code):
            yield code, "=".join(f"{int(part, 16):X}" for part in parts)


def main():
    lines = []
    last = None
    for code, entry in entries():
        if code - 1 != last or len(lines[-1]) + len(entry) + 1 > 96:
            lines.append(f"    {code:X}")
        lines[-1] += " " + entry
        last = code
    root = pathlib.Path(__file__).resolve().parent.parent
    path = root / "Sources/Formats/Tokenizer/CanonicalMapping+Table.swift"
    text = HEAD.format(version=tokenizers.__version__) + "\n".join(lines) + '\n    """\n}\n'
    path.write_text(text)
    print(f"{path}: {len(lines)} lines, {len(text):,} bytes")


if __name__ == "__main__":
    main()
