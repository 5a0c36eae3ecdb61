"""Configurations of training runs, as files and as changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from webgen_gym.errors import BadRun, UsageError
from webgen_gym.trainers.checkpoints import refuse_differences
from webgen_gym.trainers.config import LoraSettings, TrainConfig, read_config

FILE = """
folder = "here"
credit = "turn_index"
[model]
path = "some/model"
lora = { rank = 8, alpha = 16 }
[loss]
clip_high = 0.28
[rollout]
group = 8
parts = ["appearance"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "run.toml"
    path.write_text(FILE)
    return path


def test_a_file_gives_what_it_names_and_leaves_the_rest(file: Path) -> None:
    config = read_config(file)
    assert (config.credit, config.model.lora, config.loss.clip_high) == ("turn_index", LoraSettings(8, 16), 0.28)
    assert config.loss.clip_low == TrainConfig().loss.clip_low


def test_changes_come_after_the_file(file: Path) -> None:
    config = read_config(file, ["rollout.group=3", "model.lora=none", "folder=there", "loss.dual_clip=none"])
    assert (config.rollout.group, config.model.lora, config.folder, config.loss.dual_clip) == (3, None, "there", None)


def test_a_whole_number_is_good_where_a_number_is_wanted() -> None:
    assert read_config(None, ["sampling.temperature=1"]).sampling.temperature == 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("rolout.group=3", r"no setting 'rolout'. Did you mean rollout\?"),
        ("rollout.grup=3", r"no setting 'rollout.grup'. Did you mean rollout.group\?"),
        ("rollout.group='3'", "rollout.group is '3'; it must be int"),
        ("rollout.group=true", "rollout.group is True; it must be int"),
        ("rollout.branched=1", "rollout.branched is 1; it must be bool"),
        ("rollout=3", "rollout is 3; it must be RolloutSettings"),
        ("rollout.group=0", "rollout.group is 0; it must be 1 or more"),
        ("loss.ratio=word", "loss.ratio is 'word'; it is one of token, step"),
        ("update.betas=[0.9]", r"update.betas is \[0.9\]"),
        ("rollout.parts=['looks']", "no part 'looks'"),
        ("sampling.top_p=0", "top_p is 0.0"),
        ("rollout.group", "changes nothing; write it like"),
        ("update.token_budget=100", "update.token_budget is 100 and generator.context 32768"),
    ],
)
def test_a_wrong_change_is_refused_by_its_name(change: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_config(None, [change])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_config(tmp_path / "no.toml")


def test_a_file_that_is_no_toml_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text("folder = here")
    with pytest.raises(UsageError, match="run.toml is no TOML: .*line 1"):
        read_config(path)


def test_a_run_goes_on_with_the_same_settings_and_more_iterations() -> None:
    before, now = read_config(None, ["run.iterations=5"]), read_config(None, ["run.iterations=9", "folder=x"])
    refuse_differences(before.fingerprint(), now.fingerprint(), Path("c"))


def test_a_run_does_not_go_on_with_other_settings_and_each_difference_is_named() -> None:
    now = read_config(None, ["rollout.group=8", "update.learning_rate=1e-4"])
    with pytest.raises(
        BadRun, match="rollout.group was 5 and is 8; update.learning_rate was 1e-06 and is 0.0001. Put them back"
    ):
        refuse_differences(TrainConfig().fingerprint(), now.fingerprint(), Path("c"))
