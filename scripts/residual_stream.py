"""Reads and changes the residual stream of transformers' decoders by PyTorch hooks, at Askew's sites.

What scripts and benchmarks compare Askew with. A site is named as TransformerLens names it: what a decoder layer
is given (`blocks.N.hook_resid_pre`), what stands between its attention and its feed-forward layer (`…_mid`), what
it gives (`…_post`).
"""

import contextlib
import re


def decoder(model):
    """The stack of decoder layers of a causal model, with or without PEFT around it."""
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    return base.model


def sites(model):
    """The names of all sites, in the order of computation."""
    return [f"blocks.{layer}.hook_resid_{place}"
            for layer in range(len(decoder(model).layers)) for place in ("pre", "mid", "post")]


def _given(change):
    def before(module, arguments, named):
        if arguments:
            return (change(arguments[0]), *arguments[1:]), named
        return arguments, {**named, "hidden_states": change(named["hidden_states"])}

    return before


def _between(change):
    # The stream goes into this norm and, as the same tensor, around the feed-forward layer: it is changed in
    # place, so that both see it.
    def before(module, arguments):
        changed = change(arguments[0])
        if changed is not arguments[0]:
            arguments[0].copy_(changed)

    return before


def _gives(change):
    def after(module, arguments, output):
        if isinstance(output, tuple):
            return (change(output[0]), *output[1:])
        return change(output)

    return after


@contextlib.contextmanager
def changed(model, changes):
    """For a time, `changes`, pairs of a site and a function, take and give the stream `[batch, tokens, channels]`."""
    handles = []
    try:
        for site, change in changes:
            layer, place = re.fullmatch(r"blocks\.(\d+)\.hook_resid_(pre|mid|post)", site).groups()
            block = decoder(model).layers[int(layer)]
            if place == "pre":
                handles.append(block.register_forward_pre_hook(_given(change), with_kwargs=True))
            elif place == "mid":
                norm = block.post_attention_layernorm
                handles.append(norm.register_forward_pre_hook(_between(change)))
            else:
                handles.append(block.register_forward_hook(_gives(change)))
        yield
    finally:
        for handle in handles:
            handle.remove()


def reading(into, site):
    """A change that changes nothing and keeps a copy under the site's name."""
    def keep(stream):
        into[site] = stream.detach().clone()
        return stream

    return site, keep


def edit(operation, value, unit, places=None):
    """h + a(p)·v̂ with p = h·v̂, of the formulas in ResidualEdit.swift, written anew; `places`: of tokens, or all."""
    def change(stream):
        along = stream @ unit
        amount = {"add": lambda: along * 0 + value, "remove": lambda: -value * along,
                  "cap": lambda: -(along - value).clamp(min=0), "replace": lambda: value - along}[operation]()
        return at(places, stream, stream + amount[..., None] * unit)

    return change


def patch(given, unit=None, places=None):
    """Another stream in the place of the own one, or of what lies along a direction."""
    def change(stream):
        new = given if unit is None else stream + ((given - stream) @ unit)[..., None] * unit
        return at(places, stream, new)

    return change


def at(places, stream, new):
    """`new` at some tokens, the stream itself at the others."""
    if places is None:
        return new
    mixed = stream.clone()
    mixed[:, places] = new[:, places]
    return mixed

