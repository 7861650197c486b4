"""S2: pair STDP on the weights; S3: STDP into an eligibility trace, and a reward every so often."""

import numpy

from network import array, b, begin, cells, connect, parameters, poisson, serve

begin()
group = cells(parameters["driveMillivolts"])
plastic = parameters["excitation"]
fixed = parameters["inhibition"]
reward = parameters["reward"]

tagged = reward is not None


def change(amount):
    return f"tag += {amount}" if tagged else f"w = clip(w + {amount}, 0*volt, w_max)"


equations = """
w : volt
dapre/dt = -apre / tau_plus : 1 (event-driven)
dapost/dt = -apost / tau_minus : 1 (event-driven)
"""
if tagged:
    equations += "dtag/dt = -tag / tau_tag : volt (event-driven)\n"
namespace = {
    "tau_plus": plastic["tauMilliseconds"] * b.ms,
    "tau_minus": plastic["tauMilliseconds"] * b.ms,
    "a_plus": plastic["aPlusMillivolts"] * b.mV,
    "a_minus": plastic["aMinusMillivolts"] * b.mV,
    "w_max": plastic["highestMillivolts"] * b.mV,
}
if tagged:
    namespace["tau_tag"] = reward["tauTagMilliseconds"] * b.ms
    namespace["reward"] = b.TimedArray(
        array(reward["values"], numpy.float64), dt=reward["everyTicks"] * b.defaultclock.dt
    )
excitation = b.Synapses(
    group,
    group,
    equations,
    on_pre=f"v_post += w\n{change('(-a_minus * apost)')}\napre += 1",
    on_post=f"{change('a_plus * apre')}\napost += 1",
    namespace=namespace,
    name="excitation",
)
connect(excitation, plastic)
excitation.w = plastic["millivolts"] * b.mV
if tagged:
    # The tag of a synapse stands as it was at its last spike.
    excitation.run_regularly(
        "w = clip(w + reward(t) * tag * exp(-(t - lastupdate) / tau_tag), 0*volt, w_max)",
        dt=reward["everyTicks"] * b.defaultclock.dt,
    )
inhibition = b.Synapses(
    group, group, on_pre="v_post += J", namespace={"J": fixed["millivolts"] * b.mV}, name="inhibition"
)
connect(inhibition, fixed)
spikes = b.SpikeMonitor(group, record=False)


def spread(millivolts):
    return {"mean": float(millivolts.mean()), "sd": float(millivolts.std())}


def result():
    answer = {"spikes": int(spikes.num_spikes), "weights": spread(numpy.asarray(excitation.w) * 1e3), "tags": None}
    if tagged:
        # They stand as they were at the last spike of the synapse.
        age = parameters["ticks"] * parameters["tickMilliseconds"] - numpy.asarray(excitation.lastupdate) * 1e3
        decayed = numpy.asarray(excitation.tag) * numpy.exp(-age / reward["tauTagMilliseconds"])
        answer["tags"] = spread(decayed * 1e3)
    return answer


serve([group, *poisson(group), excitation, inhibition, spikes], result)
