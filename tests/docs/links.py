#!/usr/bin/env python3
"""What the documents point to is there: relative links, their places within a page, and the paths under
tests/ that say where something is proven."""
import re
import subprocess

import vmeter

LINK = re.compile(r"\]\(([^)\s]+)\)")
PROOF = re.compile(r"`(tests/[A-Za-z0-9_./*-]+)`")


def places(path):
    """The headings of a page as links name them."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    titles = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


listed = subprocess.run(["git", "-C", vmeter.ROOT, "ls-files", "*.md"], capture_output=True, text=True, check=False)
pages = [vmeter.ROOT / name for name in listed.stdout.split()]
if not pages:  # no repository: an archive of the sources
    pages = [p for p in vmeter.ROOT.rglob("*.md") if "build" not in p.relative_to(vmeter.ROOT).parts]
vmeter.check(len(pages) >= 12, f"found only {len(pages)} pages")
for page in pages:
    name = page.relative_to(vmeter.ROOT)
    text = page.read_text(encoding="utf-8")
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, place = link.partition("#")
        target = (page.parent / file) if file else page
        vmeter.check(target.exists(), f"{name}: {link} leads nowhere")
        if place and target.is_file():
            vmeter.check(place in places(target), f"{name}: there is no place {link}")
    for proof in PROOF.findall(text):
        found = list(vmeter.ROOT.glob(proof)) or list(vmeter.ROOT.glob(proof + "*"))
        vmeter.check(found, f"{name}: there is no {proof}")
vmeter.finish()
