"""What the commands that train take alike: which network, from what weights, how it learns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Option

from imgtool.cli.given import words
from imgtool.errors import UsageError

if TYPE_CHECKING:
    from classify.nouns import Learning

Route = Literal["frozen", "finetune", "scratch"]
NETWORK, HOW = "Network", "How it learns"
BACKBONES = "vgg16, vgg19, inception_v3, resnet50, mobilenet, mobilenet_v2, efficientnet_v2_b0, convnext_tiny, small"


@dataclass(frozen=True, slots=True)
class Net:
    """The network."""

    finetune: Annotated[
        bool,
        Option("--finetune", help="After the head, also the backbone's last block, slowly.", rich_help_panel=NETWORK),
    ] = False
    scratch: Annotated[
        bool, Option("--scratch", help="A small network without any weights of others.", rich_help_panel=NETWORK)
    ] = False
    net: Annotated[
        Literal["small", "modern"],
        Option("--net", metavar="NAME", help="Of --scratch: small or modern.", rich_help_panel=NETWORK),
    ] = "modern"
    backbone: Annotated[str, Option("--backbone", metavar="NAME", help=f"{BACKBONES}.", rich_help_panel=NETWORK)] = (
        "vgg16"
    )
    alpha: Annotated[
        float, Option("--alpha", metavar="WIDTH", min=0.1, max=2, help="Of mobilenets.", rich_help_panel=NETWORK)
    ] = 1.0
    weights: Annotated[
        str,
        Option("--weights", metavar="WHICH", help="imagenet, a file, or none.", rich_help_panel=NETWORK),
    ] = "imagenet"
    size: Annotated[
        int,
        Option(
            "--size", metavar="PIXELS", min=0, help="Of its pictures; 0 = the network's own.", rich_help_panel=NETWORK
        ),
    ] = 0
    head: Annotated[
        Literal["dense", "logistic", "svm", "knn"],
        Option("--head", metavar="NAME", help="dense, logistic, svm or knn.", rich_help_panel=NETWORK),
    ] = "dense"

    @property
    def route(self) -> Route:
        """What is learnt; UsageError for two answers."""
        if self.finetune and self.scratch:
            raise UsageError("--finetune and --scratch are two ways.", hint="Choose one of them.")
        return "scratch" if self.scratch else "finetune" if self.finetune else "frozen"


@dataclass(frozen=True, slots=True)
class Manner:
    """How it learns."""

    exact: Annotated[
        bool,
        Option(
            "--exact",
            help="Frozen: never look with 8 bits, also where that is four times as fast and proven to see the same.",
            rich_help_panel=HOW,
        ),
    ] = False
    augment: Annotated[
        str,
        Option(
            "--augment",
            metavar="NAME",
            help="Variants of training pictures: light, strong, digits, classic or none.",
            rich_help_panel=HOW,
        ),
    ] = "light"
    views: Annotated[
        int,
        Option("--views", metavar="N", min=0, help="Frozen: also learn from N variants of each.", rich_help_panel=HOW),
    ] = 0
    no_flip: Annotated[
        list[str],
        Option("--no-flip", metavar="CLASS", help="Never mirror this class; commas or repeat it.", rich_help_panel=HOW),
    ] = field(default_factory=list)
    epochs: Annotated[
        int, Option("--epochs", metavar="N", min=0, help="At most; 0 = as many as suit.", rich_help_panel=HOW)
    ] = 0
    batch: Annotated[int, Option("--batch", metavar="N", min=1, help="Pictures at once.", rich_help_panel=HOW)] = 32
    rate: Annotated[
        float, Option("--rate", metavar="RATE", min=0, help="Learning rate; 0 = what suits.", rich_help_panel=HOW)
    ] = 0.0
    patience: Annotated[
        int,
        Option(
            "--patience", metavar="N", min=0, help="Epochs without getting better; 0 = what suits.", rich_help_panel=HOW
        ),
    ] = 0
    balance: Annotated[
        bool, Option("--balance/--no-balance", help="Rarer classes weigh more.", rich_help_panel=HOW)
    ] = True
    kfold: Annotated[
        int, Option("--kfold", metavar="K", min=0, help="Also the accuracy over K folds.", rich_help_panel=HOW)
    ] = 0
    seed: Annotated[
        int, Option("--seed", metavar="N", help="Another seed, another chance (0).", rich_help_panel=HOW)
    ] = 0


def learning(net: Net, manner: Manner) -> Learning:
    """Both as the library takes them."""
    from classify.nouns import Learning, Recipe

    return Learning(
        recipe=Recipe(net.backbone, net.alpha, net.weights, net.size),
        route=net.route,
        head=net.head,
        net=net.net,
        augment=manner.augment,
        views=manner.views,
        quick=not manner.exact,
        no_flip=frozenset(words(manner.no_flip)),
        epochs=manner.epochs,
        batch=manner.batch,
        rate=manner.rate,
        patience=manner.patience,
        balance=manner.balance,
        seed=manner.seed,
        kfold=manner.kfold,
    )
