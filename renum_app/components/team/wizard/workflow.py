"""WorkflowConfigurator, the wizard's Step3_WorkflowDesign: the strategy in four pictures, and the flow itself."""

from __future__ import annotations

import reflex as rx

from renum_app.components.designer.designer import workflow_designer
from renum_app.components.team.strategies import strategy_choice
from renum_app.state.team_wizard import TeamWizard


def workflow_configurator() -> rx.Component:
    return rx.el.div(
        strategy_choice(),
        rx.el.div(
            workflow_designer(
                value=TeamWizard.flow,
                revision=TeamWizard.flow_revision,
                agents=TeamWizard.seatable,
                problems=TeamWizard.flow_problems,
                embedded=True,
                on_change=TeamWizard.take_flow,
            ),
            class_name="wizard-canvas",
        ),
        id="workflow",
        class_name="wizard-wide",
    )
