"""What the reference answers to a vector of D47 to D88."""

from . import sfp_blocks as blocks
from . import sfp_density as states
from . import sfp_discovery as discovery
from . import sfp_entanglement as entanglement
from . import sfp_families as families
from . import sfp_intervention as intervention
from . import sfp_structure as structure
from .sfp_blocks import SemiFactored
from .sfp_structure import Partition


def index(i):
    if "states" in i:
        return {"index": structure.structure_index(i["dimensions"], i["states"])}
    return {"states": structure.factor_states(i["dimensions"], i["index"])}


def marginals(i):
    if "keep" in i:
        return {"marginal": structure.marginal(**i)}
    return {"marginals": structure.marginals(**i)}


def partition(i):
    return Partition(**i).written()


def semi_factored(i):
    made = SemiFactored(**i)
    strong = blocks.is_strong(made.process, made.partition)
    return {"kind": made.partition.kind, "strong": strong, "defect": made.defect}


def leakage(i):
    options = {("start" if name == "from" else name): value for name, value in i.items()}
    return blocks.leakage(**options)


def block_beliefs(i):
    made = SemiFactored(**i)
    if "block" in i:
        return {"belief": made.within(i["belief"], i["block"])}
    return {"weights": made.weights(i["belief"])}


def some(i, *names):
    return {name: i[name] for name in names if name in i}


def density(i, check=True):
    return states.density(i, i.get("dimensions"), check)


def concurrence(i):
    c = entanglement.concurrence(density(i))
    return {"concurrence": c, "entanglementOfFormation": entanglement.entanglement_of_formation(c, **some(i, "unit"))}


def relative_entropy(i):
    reference = states.Density(i["reference"])
    return {"relativeEntropy": entanglement.relative_entropy(density(i), reference, **some(i, "unit"))}


def separability(i):
    verdict, criterion = entanglement.separability(density(i), i["dimensions"])
    return {"verdict": verdict, "criterion": criterion}


def quantum_information(i):
    information = entanglement.quantum_mutual_information(density(i), i["dimensions"], **some(i, "unit"))
    return {"information": information}


ANSWERS = {
    "D47": index,
    "D48": marginals,
    "D49": lambda i: {"belief": structure.conditional_belief(**i)},
    "D50": partition,
    "D51": semi_factored,
    "D52": leakage,
    "D53": block_beliefs,
    "D54": lambda i: blocks.filter_blocks(SemiFactored(**i), i["word"]),
    "D55": lambda i: blocks.log_odds(SemiFactored(**i), i["word"], i["pair"], **some(i, "unit")),
    "D56": lambda i: families.phase_locked(**i),
    "D57": lambda i: families.persona_z1r(**i),
    "D58": lambda i: families.persona_z1r(**i),
    "D59": lambda i: families.persona_mess3(**i),
    "D60": lambda i: families.static_labels(**i),
    "D61": lambda i: families.context_personas(**i),
    "D62": lambda i: families.context_posterior(**i),
    "D63": lambda i: discovery.find_blocks(i["process"]),
    "D64": lambda i: discovery.operator_schmidt(**i),
    "D65": lambda i: discovery.nearest_kronecker(**i),
    "D66": lambda i: discovery.operator_factorization(**i),
    "D67": lambda i: discovery.tensor_tokens(i["process"], i["tokenSizes"]),
    "D68": lambda i: discovery.token_information(i["process"], i["tokenSizes"], i["maxLength"], **some(i, "unit")),
    "D69": lambda i: states.embedded(**i),
    "D70": lambda i: states.ensemble(**i),
    "D71": lambda i: states.schmidt(**i),
    "D72": lambda i: states.partial_trace(density(i, False), i["dimensions"], i["keep"]).written(),
    "D73": lambda i: states.partial_transpose(density(i, False), i["dimensions"], **some(i, "side")).written(),
    "D74": lambda i: states.realigned(density(i, False), i["dimensions"]),
    "D75": lambda i: entanglement.entropies(density(i), **some(i, "orders", "unit")),
    "D76": lambda i: entanglement.negativity(density(i), i["dimensions"], **some(i, "unit")),
    "D77": lambda i: entanglement.mutual_information(**i),
    "D78": quantum_information,
    "D79": relative_entropy,
    "D80": concurrence,
    "D81": lambda i: entanglement.criteria(density(i), i["dimensions"]),
    "D82": separability,
    "D83": lambda i: entanglement.sector_decomposition(SemiFactored(**i), i["belief"], **some(i, "unit")),
    "D84": lambda i: {"entropy": entanglement.page_entropy(**i)},
    "D85": lambda i: intervention.reset_factor(**i),
    "D86": lambda i: intervention.flip_factor(**i),
    "D87": lambda i: intervention.project(SemiFactored(**i), i["belief"], i["block"]),
    "D88": lambda i: intervention.shift_logits(SemiFactored(**i), i["belief"], i["shift"]),
}
