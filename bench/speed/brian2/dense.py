"""S4: inference with two dense layers; the membranes are cleared between images."""

import numpy

from network import array, b, begin, deliver_early, parameters, serve

begin()
p = parameters
pixels = b.SpikeGeneratorGroup(
    p["pixels"], array(p["lines"], numpy.int32), array(p["ticksOfSpikes"], numpy.int32) * b.defaultclock.dt
)


def layer(size, threshold):
    group = b.NeuronGroup(
        size,
        "dv/dt = -v / tau : 1",
        threshold="v >= theta",
        reset="v = 0",
        method="exact",
        namespace={"tau": p["tauMilliseconds"] * b.ms, "theta": threshold},
    )
    group.run_regularly("v = 0", dt=p["clearEvery"] * b.defaultclock.dt, when="start")
    return group


def dense(source, target, weights):
    synapses = b.Synapses(source, target, "w : 1", on_pre="v_post += w")
    synapses.connect()
    deliver_early(synapses, 1)
    synapses.w = array(weights, numpy.float64)
    return synapses


hidden = layer(p["hidden"], p["hiddenThreshold"])
classes = layer(p["classes"], p["classThreshold"])
first = dense(pixels, hidden, p["firstWeights"])
second = dense(hidden, classes, p["secondWeights"])
hidden_spikes = b.SpikeMonitor(hidden, record=False)
class_spikes = b.SpikeMonitor(classes, record=False)
serve(
    [pixels, hidden, classes, first, second, hidden_spikes, class_spikes],
    lambda: {"spikes": int(hidden_spikes.num_spikes) + int(class_spikes.num_spikes)},
)
