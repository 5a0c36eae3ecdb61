"""``webgen train`` and ``webgen warm-start``."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webgen_gym.cli.shared import app, console
from webgen_gym.errors import MissingTool, UsageError

if TYPE_CHECKING:
    from webgen_gym.trainers.config import TrainConfig
    from webgen_gym.trainers.rollouts import Collected
    from webgen_gym.trainers.sft import SFTUpdate

_PACKAGES = ("torch", "transformers", "peft", "accelerate")


@app.command()
def train(
    config: Annotated[Path | None, typer.Argument(help="A TOML file; see examples/recipes.")] = None,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="One setting, like rollout.group=8; may be given several times.")
    ] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the newest checkpoint of the run's folder.")] = False,
    evaluate: Annotated[bool, typer.Option(help="Only play the held-out tasks once.")] = False,
    export: Annotated[Path | None, typer.Option(help="Write the trained adapter or model here at the end.")] = None,
    merged: Annotated[bool, typer.Option(help="With --export: add the adapter to the weights.")] = False,
    best: Annotated[
        bool, typer.Option(help="Evaluate or export what did best on the held-out tasks, not what came last.")
    ] = False,
) -> None:
    """Train a policy with Step-GRPO. Several processes: accelerate launch -m webgen_gym.cli train CONFIG."""
    _check_packages()
    from webgen_gym.trainers.build import built
    from webgen_gym.trainers.config import read_config

    chosen = read_config(config, change or ())
    _check_folder(chosen, resume=resume or evaluate)
    with built(chosen, say=_say) as made:
        found = made.trainer.resume()
        if resume and not found:
            raise UsageError(f"{chosen.folder} has no complete checkpoint to resume from.")
        if not evaluate:
            made.trainer.run()
        if best:
            made.trainer.take_best()
        if evaluate:
            _tell(made.trainer.evaluate())
        if export is not None:
            from webgen_gym.trainers.export import save_merged, save_model

            (save_merged if merged else save_model)(made.policy, export, made.tokenizer)
            _say(f"exported to {export}")


@app.command("warm-start")
def warm_start(
    model: Annotated[str, typer.Option(help="Folder of a model, or its name on the hub.")],
    data: Annotated[list[Path], typer.Option(help="Run folder or JSONL chat file; may be given several times.")],
    out: Annotated[Path, typer.Option(help="Folder that the trained model or adapter is written to.")],
    rank: Annotated[int, typer.Option(min=0, help="Rank of adapters; 0 trains the whole model.")] = 0,
    dialect: Annotated[str, typer.Option(help="Reply dialect that the policy of a run is told.")] = "bolt",
    static: Annotated[bool, typer.Option(help="The policy is told of plain websites only.")] = False,
    appearance: Annotated[float, typer.Option(help="Of runs: the least score of the chosen turn.")] = 3.0,
    functionality: Annotated[float, typer.Option(help="Of runs: the least score of the chosen turn.")] = 0.0,
    device: Annotated[str, typer.Option(help="auto, cuda or cpu.")] = "auto",
    change: Annotated[
        list[str] | None, typer.Option("--set", help="One setting, like learning_rate=1e-5; see docs/training.md.")
    ] = None,
) -> None:
    """Train a model on good trajectories, before it learns from rewards."""
    _check_packages()
    from webgen_gym.trainers import sft
    from webgen_gym.trainers.config import LoraSettings, ModelSettings, settings_of
    from webgen_gym.trainers.demonstrations import Demonstration, Selection, read_chats, read_run
    from webgen_gym.trainers.export import save_model
    from webgen_gym.trainers.loading import checked_device, load_model
    from webgen_gym.trainers.policy import Policy
    from webgen_gym.trainers.processes import accelerator_for, loading_device
    from webgen_gym.trainers.voice import PlainVoice

    settings = settings_of(sft.SFT, {}, change or ())
    voice, selection = PlainVoice(dialect, static=static), Selection(appearance, functionality)
    shown: list[Demonstration] = []
    for source in data:
        shown += read_run(source, voice, selection) if source.is_dir() else read_chats(source)
    lora = LoraSettings(rank, 2 * rank) if rank else None
    accelerator = accelerator_for(checked_device(device))
    loaded = load_model(ModelSettings(path=model, lora=lora), loading_device(accelerator))
    policy = Policy(loaded.model, checkpointing=accelerator.device.type != "cpu")
    _say(f"{len(shown)} conversations from {', '.join(map(str, data))}")
    result = sft.warm_start(policy, loaded.chat, shown, settings, on_update=_tell_update, accelerator=accelerator)
    _say(result.lessons.summary)
    save_model(policy, out, loaded.chat.tokenizer)
    _say(f"written to {out}")


def _check_packages() -> None:
    if missing := [name for name in _PACKAGES if find_spec(name) is None]:
        raise MissingTool(f"Training needs the package {missing[0]}; install it with: pip install 'webgen-gym[train]'")


def _tell_update(update: SFTUpdate) -> None:
    report = update.report
    _say(f"{update.number:5} of {update.updates}  loss {report.loss:.4f}  {report.tokens_per_s:,.0f} tokens/s")


def _check_folder(config: TrainConfig, *, resume: bool) -> None:
    from webgen_gym.trainers.run_log import read_metrics

    if not resume and read_metrics(Path(config.folder)):
        raise UsageError(f"{config.folder} holds a run already. Go on with --resume, or set another folder.")


def _tell(collected: Collected) -> None:
    from webgen_gym.trainers.metrics import of_evaluation

    for name, value in of_evaluation(collected).items():
        _say(f"{name.removeprefix('evaluation/'):14} {value:6.3f}")


def _say(line: str) -> None:
    """Once, however many processes there are; launchers number them in RANK."""
    if os.environ.get("RANK", "0") == "0":
        console.print(line, highlight=False, markup=False, soft_wrap=True)
