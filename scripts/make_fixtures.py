"""Makes everything under Tests/Fixtures with the formats' own libraries (`make fixtures`).

No fixture comes from Askew: models, gradients and losses are PyTorch's, adapters are PEFT's,
token ids are those of `tokenizers`, and whether a hostile file is refused is what `safetensors`
says. The versions are pinned in requirements.txt and written into each fixture.
"""

import argparse
import pathlib

import fixtures_adapters
import fixtures_models
import fixtures_safetensors
import fixtures_templates
import fixtures_tokenizer

PARTS = {
    "models": fixtures_models.make,
    "adapters": fixtures_adapters.make,
    "safetensors": fixtures_safetensors.make,
    "templates": fixtures_templates.make,
    "tokenizer": fixtures_tokenizer.make,
}


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, default=root / "Tests" / "Fixtures")
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    arguments = parser.parse_args()
    for part in arguments.parts:
        folder = arguments.output / part
        folder.mkdir(parents=True, exist_ok=True)
        PARTS[part](folder)
        size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
        print(f"{part}: {size:,} bytes in {folder}")


if __name__ == "__main__":
    main()
