"""Plays a whole call through the flow of the webhooks, with no network and nothing dialled."""

from webapp.simulator.call import SimulatedCall
from webapp.simulator.play import AS_CONFIGURED, simulate
from webapp.simulator.result import SimulatedStep, Simulation

__all__ = ["AS_CONFIGURED", "SimulatedCall", "SimulatedStep", "Simulation", "simulate"]
