"""Documents for the intake: a menu, an AI agent over a web socket, or an agent reached by SIP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoff_rules.caller_id import caller_id_for
from handoff_rules.headers import fill_headers
from handoff_rules.intake import ConversationRelayIntake, MenuIntake, SipAgentIntake, StreamIntake
from handoff_rules.routes import PhoneRoute, parse_route
from handoff_rules.variables import substitute
from twiml.callbacks import StatusCallback
from twiml.connect import conversation_relay, stream
from twiml.dial import NumberTarget, SipTarget, dial
from twiml.gather import Input, gather
from twiml.sip_address import sip_uri
from twiml.spoken import Spoken
from webapp import urls
from webapp.voice.steps import Meet, Offer

if TYPE_CHECKING:
    from webapp.voice.documents import Setting

INPUTS = {"digits": Input.DTMF, "speech": Input.SPEECH}


def meet(step: Meet, setting: Setting) -> str:
    """Raises DocumentError, or RouteError where the address of a SIP agent cannot be read."""
    match step.intake:
        case MenuIntake():
            return _menu(step.intake, setting, again=step.again)
        case ConversationRelayIntake() as agent:
            return conversation_relay(
                agent.url,
                action=setting.callback(urls.AGENT_ENDED),
                welcome_greeting=agent.welcome_greeting,
                language=agent.language,
                voice=agent.voice,
                parameters=_parameters(agent.parameters, setting),
            )
        case StreamIntake() as agent:
            return stream(
                agent.url, action=setting.callback(urls.AGENT_ENDED), parameters=_parameters(agent.parameters, setting)
            )
        case SipAgentIntake():
            return _sip_agent(step.intake, setting)


def _menu(menu: MenuIntake, setting: Setting, *, again: bool) -> str:
    prompt = menu.retry_prompt if again and menu.retry_prompt else menu.prompt
    return gather(
        [Spoken(setting.filled(prompt), menu.language, menu.voice)],
        action=setting.callback(urls.GATHERED),
        inputs=[INPUTS[name] for name in menu.input],
        timeout_seconds=menu.timeout_seconds,
        num_digits=menu.num_digits,
        finish_on_key="" if menu.hash_is_a_key else None,
        language=menu.language if "speech" in menu.input else None,
        hints=menu.hints,
    )


def offer(step: Offer, setting: Setting) -> str:
    """Keys alone: no caller has to speak to get on, and silence goes on after the pause."""
    return gather(
        [Spoken(setting.filled(step.offer.prompt), step.language, step.voice)],
        action=setting.callback(urls.GATHERED),
        inputs=[Input.DTMF],
        timeout_seconds=step.offer.timeout_seconds,
        num_digits=1,
    )


def _sip_agent(agent: SipAgentIntake, setting: Setting) -> str:
    """The agent is dialled with `referUrl`, so that its REFER comes to us and names the destination."""
    route = parse_route(agent.route, country=setting.configuration.country, sip_host=setting.configuration.sip_host)
    status = StatusCallback(setting.callback(urls.STATUS))
    filled = fill_headers(agent.headers, setting.variables, secrets=setting.secrets)
    target: NumberTarget | SipTarget
    caller_id: str | None = None
    if isinstance(route, PhoneRoute):
        target = NumberTarget(number=route.e164, status=status)
        caller_id = _shown_to_the_agent(setting)
    else:
        uri = sip_uri(route.uri, [(header.name, header.value) for header in filled.kept])
        target = SipTarget(uri=uri, status=status)
    return dial(
        [target],
        action=setting.callback(urls.DIAL_ENDED),
        timeout_seconds=agent.ring_seconds,
        time_limit_seconds=14_400,
        caller_id=caller_id,
        refer_url=setting.callback(urls.REFERRED),
        answer_on_bridge=True,
    )


def _shown_to_the_agent(setting: Setting) -> str | None:
    """As on the line of a destination: a hidden number, or the address of a SIP caller, makes the dial fail (13214)."""
    return caller_id_for(
        over=setting.over,
        phone=True,
        caller=setting.variables.get("caller_id", ""),
        called=setting.variables.get("called_number", ""),
        wanted="called" if setting.own_caller_id else "caller",
        default_caller_id=setting.ours.default,
        owned=setting.ours.owned,
    ).value


def _parameters(parameters: dict[str, str], setting: Setting) -> dict[str, str]:
    known = {name: value for name, value in setting.variables.items() if name not in setting.secrets}
    return {name: substitute(value, known).text for name, value in parameters.items()}
