"""Ten lines that use the environment: build a page, see what it is worth, go back."""

import gymnasium as gym

env = gym.make("webgen_gym:WebGenStatic-v0")
observation, info = env.reset(seed=0)
print(observation["instruction"])
page = "<!doctype html><title>Shop</title><h1>Shop</h1><button>Buy</button>"
reply = f'<boltArtifact id="shop"><boltAction type="file" filePath="index.html">{page}</boltAction></boltArtifact>'
observation, reward, terminated, truncated, info = env.step(reply)
print(observation["feedback"])
print(f"reward {reward:.2f}", info["reward_parts"], observation["screenshot"].shape)
observation, info = env.get_wrapper_attr("restore")(info["parent"])  # the empty workspace, to try another way
env.close()
