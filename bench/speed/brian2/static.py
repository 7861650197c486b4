"""S1: static synapses."""

from network import b, begin, cells, connect, parameters, poisson, serve

begin()
group = cells(parameters["driveMillivolts"])
objects = [group, *poisson(group)]
for name in ("excitation", "inhibition"):
    projection = parameters[name]
    synapses = b.Synapses(
        group, group, on_pre="v_post += J", namespace={"J": projection["millivolts"] * b.mV}, name=name
    )
    connect(synapses, projection)
    objects.append(synapses)
spikes = b.SpikeMonitor(group, record=False)
serve([*objects, spikes], lambda: {"spikes": int(spikes.num_spikes)})
