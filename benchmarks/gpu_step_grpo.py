"""Training steps of a 7-billion-parameter model on one GPU: ceilings, updates, generation, and TRL on the same batch.

The weights have the shape of Qwen2.5-7B and are random, made on the device: nothing is downloaded. Every part may fail
by itself (memory, a kernel, a package that is missing) and says so in its line; the whole takes under 10 minutes.

python -m benchmarks.gpu_step_grpo --out gpu.json
python -m benchmarks.gpu_step_grpo --dry-run          # tiny, on the CPU: does it run at all
"""

from __future__ import annotations

import argparse
import json
import platform
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import torch
import transformers

from benchmarks.gpu.ceilings import ceilings
from benchmarks.gpu.findings import Finding, Findings
from benchmarks.gpu.generation import generation
from benchmarks.gpu.scale import FULL, TINY, Bench
from benchmarks.gpu.update import beside_trl, updates

PARTS: Mapping[str, Callable[[Bench, Findings], None]] = {
    "ceilings": ceilings,
    "update": updates,
    "generation": generation,
    "trl": beside_trl,
}


def found_in(bench: Bench, parts: Sequence[str], seconds: float) -> list[Finding]:
    """What these parts find, printed as it comes; a part that cannot begin leaves one line."""
    print("| part | what | figure |", "| --- | --- | ---: |", sep="\n")
    found: list[Finding] = []
    for name in parts:
        findings = Findings(name, seconds, bench.device)
        try:
            PARTS[name](bench, findings)
        except Exception as error:  # As in Findings.measure.
            found.append(Finding(name, "", 0.0, "", f"failed: {type(error).__name__}: {error}"))
            print(found[-1].line())
        found += findings.found
    return found


def machine(device: torch.device) -> dict[str, str]:
    """What was measured on."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor() or "CPU"
    return {"device": name, "torch": torch.__version__, "transformers": transformers.__version__}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this one; may be given several times")
    parser.add_argument("--seconds", type=float, default=140.0, help="when a part begins no further measurement")
    parser.add_argument("--out", type=Path, help="a JSON file for all figures")
    parser.add_argument("--dry-run", action="store_true", help="a tiny model on the CPU")
    chosen = parser.parse_args(argv)
    if not chosen.dry_run and not torch.cuda.is_available():
        parser.error("torch sees no GPU here; --dry-run tries the script on the CPU.")
    # Of transformers and TRL, about names of theirs.
    warnings.simplefilter("ignore")
    bench = Bench(TINY if chosen.dry_run else FULL)
    about = machine(bench.device)
    print(", ".join(f"{key} {value}" for key, value in about.items()), "", sep="\n")
    found = found_in(bench, chosen.part or list(PARTS), chosen.seconds)
    if chosen.out is not None:
        chosen.out.write_text(json.dumps({"machine": about, "found": [asdict(each) for each in found]}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
