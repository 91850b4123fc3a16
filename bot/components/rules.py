"""Rasa's rules, in which 从头再来 is something people say like any other."""

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class Rules(RulePolicy):
    """Without Rasa's own rules for the intents `restart`, `back` and `session_start`.

    Its `action_restart` would wipe the whole tracker, and what was already said about danger with it.
    """

    @staticmethod
    def _default_sources() -> set[str]:
        return set()

    @staticmethod
    def _find_action_from_default_actions(tracker: DialogueStateTracker) -> tuple[str | None, str | None]:
        return None, None
