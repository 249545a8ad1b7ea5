"""What a bundle is made of.

pins      the packages that serving needs, at the versions that are installed here
wheel     imgtool itself, as a wheel made of the files that are running
fetched   the other wheels, by pip
texts     the script that starts it, what to read, the Dockerfile
"""
