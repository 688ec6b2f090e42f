"""Many people against many posts at once, with the same answers as one by one: who may come, and how well they fit.

Nothing is judged by another rule here. A check that looks at few things of either side is asked once for each pair of
them that occurs (`tables`); only the three that compare numbers, and the score, are written again as exact integer
arithmetic (`numbers`), and a property test holds both to the engine. Pure.
"""
