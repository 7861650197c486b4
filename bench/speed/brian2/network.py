"""What the networks share: Brian2 itself, the parameters, C++ standalone mode, and running it again and again.

Run as `python3 NETWORK.py FOLDER`: FOLDER holds parameters.json and arrays, and takes the build. Prints a line of JSON
when it is built, and another for every line that comes in: seconds of the run loop, spikes, statistics of weights.
"""

import json
import os
import sys

import numpy

# Brian2 2.5.1 uses names that numpy took away later.
for name, kind in (("bool", bool), ("int", int), ("float", float), ("object", object)):
    if name not in numpy.__dict__:
        setattr(numpy, name, kind)

import brian2 as b  # noqa: E402

# As in the core, what arrives in a step is added after the decay and counts for the threshold of that step. In Brian2's
# own order it would be decayed first, which at 1 ms takes 5 % off the drive and 20 % and more off the rates.
ARRIVALS = "after_groups"

folder = sys.argv[1]
with open(os.path.join(folder, "parameters.json")) as file:
    parameters = json.load(file)


def array(name, dtype):
    return numpy.fromfile(os.path.join(folder, name), dtype=dtype)


def begin():
    b.prefs.devices.cpp_standalone.openmp_threads = 0
    b.prefs.devices.cpp_standalone.extra_make_args_unix = ["-j2"]
    b.set_device("cpp_standalone", build_on_run=False)
    b.BrianLogger.log_level_error()
    b.defaultclock.dt = parameters["tickMilliseconds"] * b.ms
    b.seed(1)


def serve(objects, result):
    """Builds a simulation of the objects and runs it once for every line of standard input; `result`: what to report."""
    b.Network(*objects).run(parameters["ticks"] * b.defaultclock.dt)
    build = os.path.join(folder, "build")
    b.device.build(directory=build, compile=True, run=False, clean=False, with_output=False)
    print(json.dumps({"built": True}), flush=True)
    for _ in sys.stdin:
        b.device.run(build, False, [])
        print(json.dumps({"seconds": b.device._last_run_time, **result()}), flush=True)


def cells(millivolts_drive):
    """Leaky integrate-and-fire neurons with delta synapses. `millivolts_drive`: added each tick, beside Poisson input."""
    p = parameters
    tau = p["tauMilliseconds"] * b.ms
    dt = b.defaultclock.dt
    # Exact integration adds mu * (1 - exp(-dt/tau)) a tick.
    mu = millivolts_drive / (1 - numpy.exp(-float(dt / tau))) * b.mV
    group = b.NeuronGroup(
        p["neurons"],
        "dv/dt = (mu - v) / tau : volt (unless refractory)",
        threshold="v >= theta",
        reset="v = v_reset",
        # Brian2 counts the tick of the spike as well.
        refractory=p["refractoryTicks"] * dt + dt,
        method="exact",
        namespace={
            "tau": tau,
            "mu": mu,
            "theta": p["thresholdMillivolts"] * b.mV,
            "v_reset": p["resetMillivolts"] * b.mV,
        },
        name="cells",
    )
    if p["initialMillivolts"] is not None:
        group.v = array(p["initialMillivolts"], numpy.float64) * b.mV
    return group


def poisson(group):
    """A thousand sources a neuron, if there is a Poisson drive."""
    drive = parameters["poisson"]
    if drive is None:
        return []
    sources = 1000
    return [
        b.PoissonInput(
            group, "v", sources, drive["rate"] / sources * b.Hz, drive["millivolts"] * b.mV, when=ARRIVALS
        )
    ]


def connect(synapses, projection):
    """Synapses whose spikes arrive as many ticks later as in the core: in their slot they are seen a tick after they were."""
    synapses.connect(i=array(projection["pre"], numpy.int32), j=array(projection["post"], numpy.int32))
    ticks = array(projection["delays"], numpy.uint8) if "delays" in projection else projection["delayTicks"]
    deliver_early(synapses, ticks)


def deliver_early(synapses, ticks):
    synapses.pre.when = ARRIVALS
    synapses.pre.delay = (ticks - 1.0) * b.defaultclock.dt
