"""The demo: invented people (each «Demo») at real places, with years of history.

The scene of the pictures is Thursday 19 November 2026. Every date is moved along with today
(clock.py), so that the demo is always fresh and its figures always agree.
"""
