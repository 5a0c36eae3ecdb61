"""How long an iteration of Step-GRPO takes and what a GPU must hold, by arithmetic. Put in what you measured.

python -m benchmarks.sizing_training --gpus 8
python -m benchmarks.sizing_training --gpus 1 --gpu-gb 80 --bytes-per-s 3.35e12
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, fields

GB = 1e9
BF16, FP32 = 2, 4
# Float32 weights, gradients and the two moments of Adam.
WHOLE_STATE = 4 * FP32


@dataclass(frozen=True, slots=True)
class Training:
    """A model, a run and the GPUs for it. Defaults: Qwen2.5-7B, the paper's run, H200s; none of it was measured here.

    ``body`` and ``head`` are parameters in the layers and in the output head (the input embedding has as many); the
    latter is computed for trained tokens alone. ``key_heads`` of ``head_width`` are kept per layer and token.
    ``row_tokens`` is the mean length of a trajectory, of which ``generated_tokens`` were sampled; ``context`` what a
    slot of the generator holds. ``adapter_parameters`` are trained (LoRA of rank 32). ``flops`` and ``bytes_per_s`` are
    what large matrix products and memory reach; ``utilisation`` and ``decoding`` the parts of them that a run gets.
    ``working_bytes`` is what one layer takes for each token of a pack while it is computed again. ``turn_cpu_s`` is
    processor time of a turn, ``judge_s`` how long it waits for judging models.
    """

    gpus: int = 1
    gpu_gb: float = 141.0
    flops: float = 790e12
    bytes_per_s: float = 4.8e12
    utilisation: float = 0.4
    decoding: float = 0.5
    body: float = 6.53e9
    head: float = 0.545e9
    layers: int = 28
    hidden: int = 3584
    key_heads: int = 4
    head_width: int = 128
    adapter_parameters: float = 81e6
    tasks: int = 16
    rollouts: int = 5
    turns: int = 5
    row_tokens: int = 16_000
    generated_tokens: int = 10_000
    context: int = 32_768
    token_budget: int = 32_768
    working_bytes: float = 122e3
    cores_per_gpu: int = 16
    turn_cpu_s: float = 0.14
    judge_s: float = 2.0

    @property
    def parameters(self) -> float:
        """All of them."""
        return self.body + 2 * self.head

    @property
    def trajectories(self) -> int:
        """Of one iteration, on the GPU that has most of them."""
        return self.rollouts * math.ceil(self.tasks / self.gpus)


# ------------------------------------------------------------------ arithmetic


def forward_flops(run: Training, length: int) -> float:
    """Of one token of a row of this length, layers only: 2 for each weight, and attention to half of the row."""
    return 2 * run.body + 2 * run.layers * run.hidden * length


def update_flops(run: Training, length: int, *, whole: bool = False) -> float:
    """Of one token that is read: forward, forward again (checkpoints), backward; twice that where weights learn."""
    passes = 4 if whole else 3
    return 2 * passes * run.body + 4 * (2 * run.layers * run.hidden * length)


def head_flops(run: Training, *, whole: bool = False) -> float:
    """Of one trained token: logits, logits again, their gradient."""
    return (4 if whole else 3) * 2 * run.head


def update_s(run: Training, *, whole: bool = False) -> float:
    """Of one update, on each GPU its share of the trajectories, each a row of its own."""
    read = run.row_tokens * update_flops(run, run.row_tokens, whole=whole)
    trained = run.generated_tokens * head_flops(run, whole=whole)
    return run.trajectories * (read + trained) / (run.flops * run.utilisation)


def key_bytes(run: Training) -> float:
    """Keys and values of one token."""
    return 2 * run.layers * run.key_heads * run.head_width * BF16


def step_s(run: Training, batch: int, context: float) -> float:
    """One token for each of a batch, at the speed of memory: weights once, and the keys of each."""
    return ((run.body + run.head) * BF16 + batch * context * key_bytes(run)) / run.bytes_per_s


def generation_s(run: Training) -> float:
    """Of all replies: reading what is told, then one token after the other, all trajectories of a GPU at once."""
    batch = max(1, min(run.trajectories, slots(run)))
    told = run.trajectories * (run.row_tokens - run.generated_tokens)
    reading = told * forward_flops(run, run.row_tokens) / (run.flops * run.utilisation)
    waves = run.trajectories / batch
    return reading + waves * run.generated_tokens * step_s(run, batch, run.row_tokens / 2) / run.decoding


def environment_s(run: Training) -> float:
    """Of all turns: processor time on the cores beside the GPU, and a wait for judging models in each turn."""
    return run.trajectories * run.turns * run.turn_cpu_s / run.cores_per_gpu + run.turns * run.judge_s


def training_gb(run: Training, *, sharded: bool = False, whole: bool = False) -> float:
    """What a GPU holds while it trains: weights and their states, a pack's checkpoints, one layer's work.

    With FSDP2 that is a share of the weights and states; besides, two layers, embedding and head are there as a whole.
    """
    share = run.gpus if sharded else 1
    gathered = 2 * (run.body / run.layers + run.head) * BF16 if sharded else 0.0
    learned = run.adapter_parameters * WHOLE_STATE
    held = (run.parameters * WHOLE_STATE if whole else run.parameters * BF16 + learned) / share
    kept = run.layers * run.hidden * BF16 + run.working_bytes
    return (held + gathered + run.token_budget * kept) / GB


def slots(run: Training) -> int:
    """Trajectories whose keys fit beside that, with a tenth of the memory left alone."""
    room = 0.9 * run.gpu_gb - training_gb(run)
    return max(0, int(room * GB / (run.context * key_bytes(run))))


def lines(run: Training) -> list[tuple[str, str]]:
    """What comes of it, to read."""
    fitting = slots(run)
    seconds = {"generation": generation_s(run), "environment": environment_s(run), "update": update_s(run)}
    return [
        ("trajectories per GPU", f"{run.trajectories}"),
        ("sampled at once", f"{min(run.trajectories, fitting)} ({fitting} fit)"),
        *((name, f"{value:,.0f} s") for name, value in seconds.items()),
        ("iteration", f"{sum(seconds.values()):,.0f} s"),
        ("memory, adapters, DDP", f"{training_gb(run):.0f} GB"),
        ("memory, adapters, FSDP2", f"{training_gb(run, sharded=True):.0f} GB"),
        ("memory, whole model, DDP", f"{training_gb(run, whole=True):.0f} GB"),
        ("memory, whole model, FSDP2", f"{training_gb(run, sharded=True, whole=True):.0f} GB"),
    ]


def table(runs: list[Training]) -> str:
    """The table of docs/training-scale.md: a column for each run."""
    columns = [dict(lines(run)) for run in runs]
    head = ["per GPU and iteration", *(f"{run.gpus} GPU{'s' * (run.gpus > 1)}" for run in runs)]
    rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
    rule = ["---", *("---:" for _ in runs)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for field in fields(Training):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    print(table([Training(**vars(parser.parse_args()))]))


if __name__ == "__main__":
    main()
