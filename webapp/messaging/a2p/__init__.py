"""May this number send texts to the US, and if not: why, who must act, and what is the next step?"""
