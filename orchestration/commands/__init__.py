"""What the subcommands do, one module each, imported only when its command is called.

Belongs here: asking the other rooms and showing their answers. Not here: option parsing (`orchestration.cli`).
"""
