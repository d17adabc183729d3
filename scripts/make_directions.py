"""Makes and reads files of directions with torch, gguf and safetensors, for tests of Askew's.

    make_directions.py make FOLDER   tables as torch.save writes them, as F32, BF16 and F16: raw.pt, bf16.pt,
                                     f16.pt; axis.pt, role.pt and capping.pt as assistant-axis has them; pickles
                                     that are refused: system.pt, parameter.pt, double.pt, transposed.pt, array.pt,
                                     shared.pt, old.pt; vector.gguf and signed.gguf; what is in raw.pt as
                                     expected.safetensors
    make_directions.py torch FILE    the rows that torch.load(weights_only=True) reads, as JSON
    make_directions.py pickle FILE   data.pkl of FILE, and that of torch.save for the same tensor, equal or not
    make_directions.py gguf FILE     metadata and vectors that gguf reads, as JSON
    make_directions.py safetensors FILE
                                     metadata and tensors that safetensors reads, as JSON
"""

import json
import os
import pathlib
import sys
import zipfile

import gguf
import numpy
import torch
from safetensors import safe_open
from safetensors.torch import save_file

ROWS, WIDTH = 5, 7


class System:
    """Runs a command where a pickle is loaded without care."""

    def __reduce__(self):
        return os.system, ("false",)


def control_vector(path, table, add_count):
    writer = gguf.GGUFWriter(path, "controlvector")
    writer.add_string("controlvector.model_hint", "qwen2")
    add_count(writer, "controlvector.layer_count")
    for layer in range(1, ROWS):
        writer.add_tensor(f"direction.{layer}", table[layer])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make(folder):
    random = torch.Generator().manual_seed(3)
    table = torch.randn(ROWS, WIDTH, generator=random)
    part = torch.randn(300, WIDTH, generator=random)
    part[200] = table[2]
    capping = {
        "vectors": {"block_1/a": {"layer": 1, "vector": table[1].clone()},
                    "block_300/a": {"layer": 300, "vector": part[200]}},
        "experiments": [
            {"id": "one", "interventions": [{"vector": "block_1/a", "cap": 1.5}]},
            {"id": "both", "interventions": [{"vector": "block_300/a", "cap": -2.25},
                                             {"vector": "block_1/a", "cap": 3}]}]}
    shared = [table]
    files = {
        "raw": table, "bf16": table.bfloat16(), "f16": table.half(), "axis": {"axis": table},
        "role": {"vector": table, "type": "pos_3", "role": "pirate"}, "capping": capping,
        "system": {"vector": table, "type": System()}, "parameter": torch.nn.Parameter(table),
        "double": table.double(), "transposed": table.t(), "array": {"axis": table.numpy()},
        "shared": {"vectors": shared, "experiments": shared}}
    for name, value in files.items():
        torch.save(value, folder / f"{name}.pt")
    torch.save(table, folder / "old.pt", _use_new_zipfile_serialization=False)
    same = {"raw": table, "bf16": table.bfloat16().float(), "f16": table.half().float()}
    save_file(same, folder / "expected.safetensors")
    for name, kind in (("vector", "uint32"), ("signed", "int32")):
        control_vector(folder / f"{name}.gguf", table.numpy(),
                       lambda writer, key: getattr(writer, f"add_{kind}")(key, ROWS - 1))


def read_torch(file):
    table = torch.load(file, weights_only=True)
    assert table.dtype == torch.float32 and table.is_contiguous()
    return table.tolist()


def same_pickle(file):
    other = file.with_suffix(".again.pt")
    torch.save(torch.load(file, weights_only=True), other)
    pickles = []
    for path in (file, other):
        archive = zipfile.ZipFile(path)
        assert archive.testzip() is None
        pickles += [archive.read(n) for n in archive.namelist() if n.endswith("/data.pkl")]
    return pickles[0] == pickles[1]


def read_gguf(file):
    reader = gguf.GGUFReader(file)
    assert all(tensor.data_offset % 32 == 0 for tensor in reader.tensors)
    keys = ["general.architecture", "controlvector.model_hint", "controlvector.layer_count"]
    return {
        "metadata": [str(reader.get_field(key).contents()) for key in keys],
        "types": sorted({reader.get_field(keys[2]).types[0].name} | {
            f"{tensor.tensor_type.name}x{len(tensor.shape)}" for tensor in reader.tensors}),
        "vectors": {tensor.name: tensor.data.astype(numpy.float32).tolist()
                    for tensor in reader.tensors}}


def read_safetensors(file):
    with safe_open(file, "pt") as reader:
        return {"metadata": reader.metadata(),
                "vectors": {name: reader.get_tensor(name).tolist() for name in reader.keys()}}


if __name__ == "__main__":
    command, path = sys.argv[1], pathlib.Path(sys.argv[2])
    if command == "make":
        make(path)
    else:
        readers = {"torch": read_torch, "pickle": same_pickle, "gguf": read_gguf,
                   "safetensors": read_safetensors}
        print(json.dumps(readers[command](path)))
