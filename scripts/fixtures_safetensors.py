"""Safetensors files with the real library's verdict, and data types with their values."""

import base64
import hashlib
import json
import struct

import numpy
import safetensors
import torch
from safetensors.torch import load, save_file

# Values that reach the corners of bf16 and f16: subnormals, the largest, rounding ties, zeros.
VALUES = [0.0, -0.0, 1.0, -1.5, 3.14159274, 65504.0, 6e-8, 6.1e-5, 1e-20, -2.5e30, 1.00390625]


def document(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(begin, end, shape=None, dtype="F32"):
    count = (end - begin) // 4 if shape is None else None
    return {"dtype": dtype, "shape": [count] if shape is None else shape,
            "data_offsets": [begin, end]}


def cases():
    eight = bytes(range(8))
    good = {"a": tensor(0, 8)}
    whole = document(good, eight)
    yield "good", whole
    yield "empty header", document({})
    yield "scalar", document({"a": tensor(0, 4, [])}, eight[:4])
    yield "zero-length dimension", document({"a": tensor(0, 0, [0, 3])})
    yield "unaligned data", document(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} ', eight)
    yield "metadata", document({"__metadata__": {"format": "pt"}, **good}, eight)
    yield "metadata number", document({"__metadata__": {"format": 1}, **good}, eight)
    yield "metadata list", document({"__metadata__": [], **good}, eight)
    yield "nothing", b""
    yield "seven bytes", bytes(7)
    yield "zero header", struct.pack("<Q", 0)
    yield "header beyond the file", document(good, eight, length=1 << 20)
    yield "header beyond everything", document(good, eight, length=(1 << 64) - 1)
    yield "cut in the header", whole[:30]
    yield "cut in the data", whole[:-1]
    yield "trailing byte", whole + b"x"
    yield "overlap", document({"a": tensor(0, 8), "b": tensor(4, 12)}, bytes(12))
    yield "same range twice", document({"a": tensor(0, 8), "b": tensor(0, 8)}, eight)
    yield "hole between", document({"a": tensor(0, 4), "b": tensor(8, 12)}, bytes(12))
    yield "hole at the start", document({"a": tensor(4, 8)}, eight)
    yield "out of range", document({"a": tensor(0, 16)}, eight)
    yield "backwards", document({"a": tensor(8, 0, [2])}, eight)
    yield "shape too large", document({"a": tensor(0, 8, [3])}, eight)
    yield "shape too small", document({"a": tensor(0, 8, [1])}, eight)
    yield "negative dimension", document({"a": tensor(0, 8, [-2])}, eight)
    yield "negative offset", document({"a": tensor(-8, 0, [2])}, eight)
    yield "fractional offset", document({"a": tensor(0, 8.5, [2])}, eight)
    yield "product overflow", document({"a": tensor(0, 8, [1 << 32, 1 << 32, 2])}, eight)
    yield "byte overflow", document({"a": tensor(0, 8, [1 << 62, 1])}, eight)
    yield "number too large", document(
        b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999999]}}', eight)
    yield "unknown dtype", document({"a": tensor(0, 8, [2], "F33")}, eight)
    yield "no dtype", document({"a": {"shape": [2], "data_offsets": [0, 8]}}, eight)
    yield "no shape", document({"a": {"dtype": "F32", "data_offsets": [0, 8]}}, eight)
    yield "no offsets", document({"a": {"dtype": "F32", "shape": [2]}}, eight)
    yield "three offsets", document(
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8, 9]}}, eight)
    yield "shape is a string", document({"a": tensor(0, 8, "2")}, eight)
    yield "tensor is a number", document({"a": 3}, eight)
    yield "header is a list", document([], eight)
    yield "broken JSON", document(b'{"a":', eight)
    yield "broken UTF-8", document(b'{"\xff":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', eight)
    yield "single surrogate", document(
        b'{"\\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', eight)
    yield "text after the header", document(
        b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x', eight)
    yield "deep nesting", document(b"[" * 100_000)
    yield "deep metadata", document(b'{"__metadata__":' + b'{"a":' * 50_000 + b"}" * 50_001)


def accepted(content):
    try:
        load(content)
        return True
    except Exception:  # the library raises its own error, KeyError or OverflowError
        return False


# Lower halves of Float patterns around the ties of both 16-bit types.
LOWER_HALVES = [0, 1, 0x0FFF, 0x1000, 0x1001, 0x7FFF, 0x8000, 0x8001, 0xFFFF]


def conversions():
    """SHA-256 of the little-endian results of converting every 16-bit pattern, and of rounding the
    Float patterns (upper << 16 | lower), lower halves in turn for each upper; NaN is 0x7fc00000,
    0x7e00 or 0x7fc0."""
    def digest(bits, floats, nan, name):
        bits = numpy.where(numpy.isnan(floats), nan, bits).astype(name)
        return hashlib.sha256(bits.tobytes()).hexdigest()

    patterns = numpy.arange(1 << 16, dtype=numpy.uint16)
    upper = patterns.astype(numpy.uint32)[:, None] << 16
    floats = (upper | numpy.array(LOWER_HALVES, dtype=numpy.uint32)).reshape(-1).view("float32")
    result = {"lowerHalves": LOWER_HALVES}
    for kind, nan in ((torch.float16, 0x7E00), (torch.bfloat16, 0x7FC0)):
        exact = torch.from_numpy(patterns.view("int16")).view(kind).float().numpy()
        rounded = torch.from_numpy(floats).to(kind).view(torch.int16).numpy().view("uint16")
        result[f"from {kind}"] = digest(exact.view("uint32"), exact, 0x7FC00000, "<u4")
        result[f"to {kind}"] = digest(rounded, floats, nan, "<u2")
    return result


def make(folder):
    (folder / "conversions.json").write_text(json.dumps(
        {"torch": torch.__version__, **conversions()}, indent=1) + "\n")
    tensors = {
        "f32": torch.tensor(VALUES, dtype=torch.float32),
        "bf16": torch.tensor(VALUES, dtype=torch.float32).to(torch.bfloat16),
        "f16": torch.tensor(VALUES, dtype=torch.float32).to(torch.float16),
        "matrix": torch.arange(6, dtype=torch.float32).reshape(2, 3),
        "whole": torch.arange(3, dtype=torch.int64),
        "scalar": torch.tensor(2.5),
        "nothing": torch.zeros(0, 3),
    }
    save_file(tensors, folder / "dtypes.safetensors", metadata={"format": "pt"})
    bits = {name: t.to(torch.float32).view(torch.int32).flatten().tolist()
            for name, t in tensors.items() if name != "whole"}
    (folder / "dtypes.json").write_text(json.dumps(
        {"safetensors": safetensors.__version__, "torch": torch.__version__,
         "notes": "floatBits: the Float bit pattern (signed) of every element", "floatBits": bits,
         "shapes": {n: list(t.shape) for n, t in tensors.items()}}) + "\n")
    rows = [{"name": name, "accepted": accepted(content),
             "bytes": base64.b64encode(content).decode()} for name, content in cases()]
    for row in rows:  # the two deep ones are made by the test itself, to keep the file small
        if row["name"].startswith("deep"):
            row["bytes"] = None
    (folder / "cases.json").write_text(json.dumps(
        {"safetensors": safetensors.__version__, "cases": rows}, indent=0) + "\n")
