"""Makes a tiny random model folder with its tokenizer and chat template.

    make_folder.py FAMILY FOLDER

FAMILY is one of check_folders.py's; the model is in FOLDER/FAMILY.
"""

import pathlib
import sys

from check_folders import Family

Family(sys.argv[1], pathlib.Path(sys.argv[2]))
