"""The parts of ``benchmarks.gpu_step_grpo``."""
