"""What a rehearsal agent says when its script has no reply: a plausible answer that says it is none."""

from __future__ import annotations

import re
from zlib import crc32

from renum_app.agents.backend import RunRequest

_EXCERPT_CHARS = 280
_ROLE_CHARS = 160
_PT_WORDS = """
a ao as com como da das de do dos e em eu isso mais mas não na nas no nos nós o os ou para pela pelo por que se sem ser
seu sua suas são também um uma você voce nao sao sobre é crie faça escreva analise resuma
"""
_EN_WORDS = """
a an and are as at be by do for from have how i in into is it its of on or our should that the their this to we what
which who will with you your write create make analyse analyze summarise summarize
"""
_PORTUGUESE, _ENGLISH = frozenset(_PT_WORDS.split()), frozenset(_EN_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")

_PT = """\
> **Ensaio:** nenhum modelo foi chamado e nada foi gasto. Este texto só mostra como {name} trabalharia na equipe.

### {name}
{role}
**O que me pediram**

> {asked}

**Como eu faria**

{steps}

**Resultado do ensaio**

{result} Para uma resposta de verdade, escolha um modelo para este agente e guarde a chave em Configurações."""

_EN = """\
> **Rehearsal:** no model was called and nothing was spent. This text only shows how {name} would work in the team.

### {name}
{role}
**What I was asked**

> {asked}

**How I would go about it**

{steps}

**Result of the rehearsal**

{result} For a real answer, choose a model for this agent and store its key in Settings."""

_STEPS_PT = (
    ("Separar o pedido em perguntas que se possam responder.", "Levantar os fatos e anotar de onde vêm.",
     "Comparar as opções e dizer o que falta saber."),
    ("Reler o que a equipe já produziu.", "Apontar o que sustenta e o que contradiz o pedido.",
     "Escrever uma proposta curta, com os riscos à vista."),
    ("Definir o que conta como pronto.", "Fazer uma primeira versão e testá-la contra o pedido.",
     "Entregar o texto revisado ao próximo passo."),
)  # fmt: skip
_STEPS_EN = (
    ("Split the request into questions that can be answered.", "Gather the facts and note where each comes from.",
     "Compare the options and say what is still unknown."),
    ("Read again what the team has produced so far.", "Point out what supports the request and what contradicts it.",
     "Write a short proposal with its risks in plain sight."),
    ("Settle what counts as done.", "Make a first version and test it against the request.",
     "Hand the revised text to the next step."),
)  # fmt: skip
_RESULTS_PT = (
    "Três pontos estão prontos para o próximo passo; **um** ainda pede confirmação de uma pessoa.",
    "A proposta se sustenta com o que recebi; o maior risco é o **prazo**, não o custo.",
    "O material está completo para decidir; recomendo começar **pequeno** e medir em uma semana.",
)
_RESULTS_EN = (
    "Three points are ready for the next step; **one** still needs a person to confirm it.",
    "The proposal holds with what I was given; the main risk is **time**, not cost.",
    "There is enough to decide; I recommend to start **small** and measure within a week.",
)


def written_answer(request: RunRequest) -> str:
    """An answer in the language of the input, the same for the same request."""
    portuguese = _is_portuguese(request.input, request.agent.instructions)
    template, steps, results = (_PT, _STEPS_PT, _RESULTS_PT) if portuguese else (_EN, _STEPS_EN, _RESULTS_EN)
    choice = crc32(request.agent.agent_id.encode())
    return template.format(
        name=_plain(request.agent.name, most=_ROLE_CHARS),
        role=_role(request.agent.instructions),
        asked=_plain(request.input, most=_EXCERPT_CHARS) or "…",
        steps="\n".join(f"{place}. {step}" for place, step in enumerate(steps[choice % len(steps)], start=1)),
        result=results[choice // len(steps) % len(results)],
    )


def _is_portuguese(*texts: str) -> bool:
    """The first text with a clear majority of either language's small words decides; else Portuguese."""
    for text in texts:
        words = [word.lower() for word in _WORD.findall(text[:4_000])]
        margin = sum((word in _PORTUGUESE) - (word in _ENGLISH) for word in words)
        if margin:
            return margin > 0
    return True


def _role(instructions: str) -> str:
    """The agent's role in its own words: the first sentence of its instructions."""
    first = re.split(r"(?<=[.!?])\s", instructions.strip(), maxsplit=1)[0]
    return f"*{plain}*\n" if (plain := _plain(first, most=_ROLE_CHARS).replace("*", "")) else ""


def _plain(text: str, *, most: int) -> str:
    """One line of at most `most` characters, so that a long input cannot break the answer's markdown."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
