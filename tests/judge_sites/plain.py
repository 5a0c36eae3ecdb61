"""Four plain sites in the manner of a small model: nothing is wrong with them, little is designed."""

from __future__ import annotations

from tests.judge_sites.site import Site, site

FONT = "font-family: -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, sans-serif;"

DETECTOR = f"""<!doctype html><html lang="en"><head><title>Fake News Detector</title><style>
body {{ margin: 0; {FONT} background-color: #f5deb3; }}
.container {{ max-width: 800px; margin: 0 auto; padding: 24px; }}
h1 {{ color: #8b4513; }}
label {{ display: block; margin: 16px 0 8px; color: #8b4513; font-weight: bold; }}
textarea {{ width: 100%; min-height: 160px; padding: 8px; border: 1px solid #8b4513; border-radius: 4px; }}
button {{ margin-top: 16px; background-color: #8b4513; color: white; border: none; padding: 8px 16px; border-radius: 4px; }}
.result {{ margin-top: 24px; padding: 16px; border-radius: 8px; background: white; }}
</style></head><body><div class="container">
<h1>Fake News Detector</h1><p>Analyze news articles for authenticity.</p>
<label for="text">Paste news article text</label><textarea id="text" placeholder="Paste the article here..."></textarea>
<button id="go">Detect fake news</button><div id="out"></div></div>
<script>
document.getElementById('go').addEventListener('click', () => {{
  const text = document.getElementById('text').value;
  document.getElementById('out').innerHTML = '<div class="result"><h2>Detection result</h2><p>'
    + (text.length % 2 ? 'This news is likely fake.' : 'This news appears to be authentic.') + '</p></div>';
}});
</script></body></html>"""

TODO = f"""<!doctype html><html lang="en"><head><title>Todo List</title><style>
body {{ {FONT} background: #f0fff0; margin: 0; padding: 20px; }}
.app {{ max-width: 600px; margin: 40px auto; background: white; padding: 20px; border-radius: 8px; box-shadow: 0 2px 4px rgba(0,0,0,.1); }}
h1 {{ text-align: center; color: #2e8b57; }}
input {{ width: 70%; padding: 10px; border: 1px solid #ddd; border-radius: 4px; }}
button {{ padding: 10px 16px; background: #2e8b57; color: white; border: none; border-radius: 4px; cursor: pointer; }}
li {{ display: flex; justify-content: space-between; align-items: center; padding: 10px; border-bottom: 1px solid #eee; }}
ul {{ padding: 0; }}
</style></head><body><div class="app"><h1>Todo List</h1>
<input id="task" placeholder="Add a new task"> <button id="add">Add Task</button><ul id="list"></ul></div>
<script>
let tasks = ['Buy groceries', 'Walk the dog', 'Read a book'];
const show = () => {{
  document.getElementById('list').innerHTML = tasks.map((task, i) => `<li>${{task}} <button data-i="${{i}}">Delete</button></li>`).join('');
}};
document.getElementById('add').onclick = () => {{
  const field = document.getElementById('task');
  if (field.value) tasks.push(field.value);
  field.value = '';
  show();
}};
document.getElementById('list').onclick = (event) => {{
  if (event.target.dataset.i) tasks = tasks.filter((_, i) => i !== Number(event.target.dataset.i));
  show();
}};
show();
</script></body></html>"""

TOURISM = f"""<!doctype html><html lang="en"><head><title>Tourism Mini-Program</title><style>
body {{ margin: 0; {FONT} background-color: #f0ead6; }}
.navbar {{ display: flex; justify-content: space-around; padding: 1rem; background-color: #3a4b3a; }}
.navbar a {{ color: white; text-decoration: none; padding: .5rem 1rem; }}
.container {{ max-width: 1200px; margin: 0 auto; padding: 1rem; }}
.card {{ background-color: white; border-radius: 8px; box-shadow: 0 2px 4px rgba(0,0,0,.1); padding: 1rem; margin: 1rem 0; }}
</style></head><body><div class="navbar"><a href="#home">Home</a><a href="#pre">Pre-Trip</a><a href="#during">During Trip</a>
<a href="#post">Post-Trip</a></div><div class="container"><div class="card" id="home"><h1>Welcome to Our Tourism Mini-Program</h1>
<p>Get the best travel experiences with our comprehensive services.</p></div>
<div class="card" id="pre"><h2>Pre-Trip</h2><p>Great Wall (4.8), Forbidden City (4.7), Terracotta Army (4.9)</p></div>
<div class="card" id="during"><h2>During Trip</h2><p>Navigation to scenic spots, restaurants and hotels near you.</p></div>
<div class="card" id="post"><h2>Post-Trip</h2><p>Rate your trip and share your evaluation with other travellers.</p></div>
</div></body></html>"""

CLINIC = f"""<!doctype html><html lang="en"><head><title>City Clinic</title><style>
* {{ box-sizing: border-box; }}
body {{ margin: 0; {FONT} background: #e0ffff; color: #333; line-height: 1.6; }}
header {{ background: #008080; color: white; padding: 1rem 2rem; display: flex; justify-content: space-between; align-items: center; }}
nav a {{ color: white; margin-left: 1rem; text-decoration: none; }}
.hero {{ text-align: center; padding: 3rem 1rem; }}
.grid {{ display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem; padding: 0 2rem; }}
.card {{ background: white; padding: 1.5rem; border-radius: 8px; box-shadow: 0 2px 4px rgba(0,0,0,.1); }}
form {{ max-width: 500px; margin: 2rem auto; background: white; padding: 2rem; border-radius: 8px; }}
input, select {{ width: 100%; padding: .5rem; margin-bottom: 1rem; border: 1px solid #ccc; border-radius: 4px; }}
button {{ background: #008080; color: white; padding: .75rem 1.5rem; border: none; border-radius: 4px; cursor: pointer; }}
footer {{ text-align: center; padding: 1rem; background: #008080; color: white; }}
</style></head><body><header><h1>City Clinic</h1><nav><a href="#services">Services</a><a href="#book">Book</a></nav></header>
<div class="hero"><h2>Welcome to City Clinic</h2><p>Your health is our priority. Book an appointment with our doctors today.</p></div>
<div class="grid" id="services"><div class="card"><h3>General Medicine</h3><p>Check-ups and treatment for common illnesses.</p></div>
<div class="card"><h3>Dentistry</h3><p>Cleaning, fillings and orthodontics.</p></div>
<div class="card"><h3>Pediatrics</h3><p>Care for infants, children and teenagers.</p></div></div>
<form id="book"><h2>Book an Appointment</h2><input name="name" placeholder="Name" required><input type="email" placeholder="Email" required>
<select><option>Select doctor</option><option>Dr. Smith</option><option>Dr. Lee</option></select><button>Book</button><p id="ok"></p></form>
<footer>© 2026 City Clinic. All rights reserved.</footer>
<script>document.getElementById('book').onsubmit = (event) => {{ event.preventDefault(); document.getElementById('ok').textContent = 'Appointment booked!'; }};</script>
</body></html>"""

PLAIN: tuple[Site, ...] = (
    site(
        "detector",
        "Please implement a news authenticity detection website. Users should be able to upload news articles, start "
        "the detection, and view the result with its confidence. The website should also list recent detections. "
        "Use wheat for the background and saddle brown for components.",
        ("wheat", "#f5deb3"),
        ("saddle brown", "#8b4513"),
        {"index.html": DETECTOR.encode()},
    ),
    site(
        "todo",
        "Please implement a to-do list website. Users should be able to add, edit and delete tasks, mark them as done, "
        "set due dates and filter tasks by status. Use honeydew for the background and sea green for components.",
        ("honeydew", "#f0fff0"),
        ("sea green", "#2e8b57"),
        {"index.html": TODO.encode()},
    ),
    site(
        "tourism",
        "Please implement a tourism mini-program with navigation and evaluation. Users should be able to browse scenic "
        "spots before the trip, navigate to hotels and restaurants during the trip, and write reviews after the trip. "
        "Use eggshell for the background and dark moss green for components.",
        ("eggshell", "#f0ead6"),
        ("dark moss green", "#4a5d23"),
        {"index.html": TOURISM.encode()},
    ),
    site(
        "clinic",
        "Please implement a website for a clinic. Visitors should be able to see the medical services, search doctors, "
        "read their profiles, book an appointment with a form, and view opening hours. "
        "Use light cyan for the background and teal for components.",
        ("light cyan", "#e0ffff"),
        ("teal", "#008080"),
        {"index.html": CLINIC.encode()},
    ),
)
