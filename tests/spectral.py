"""Lints the API description with a Spectral ruleset: `python -m tests.spectral RULES FILE`.

The ruleset of the Dutch API design rules is published apart from this project; where it is not at hand
the step says so and passes.
"""

import os
import subprocess
import sys
from pathlib import Path

from project.bootstrap import ROOT, node_environment


def main(rules: Path, description: Path) -> int:
    if not rules.is_file():
        print(f"API rules not found at {rules}: not linted")
        return 0
    spectral = ROOT / "node_modules" / ".bin" / "spectral"
    done = subprocess.run(
        [spectral, "lint", "--fail-severity", "warn", "--ruleset", rules, description],
        env=node_environment() | {"NO_COLOR": "1", "CI": os.environ.get("CI", "")},
        check=False,
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
