"""`python -m imgtool`: the command, where its script is not on the path."""

from imgtool.cli import main

if __name__ == "__main__":
    main()
