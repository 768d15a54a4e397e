"""What can be done: one function for each business act, a module for each noun.

Every act takes a transaction, an actor and a command, checks who may and what must hold, ticks the clock, writes, and
says in a `Result` what it wrote. It refuses by raising `Refused`, which undoes everything.

Modules without a command are steps that several acts share: `refs` finds what a command names, `crediting` makes credits
again, `deals`, `titles` and `carrying` do what follows from a change, and `doubts` remarks on what is probably not meant.
"""
