import shutil
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.meaning import EncoderFeaturizer
from bot.components.sound import SoundFeaturizer
from bot.components.tokenizer import ZhTokenizer
from casework.staff import add_worker
from casework.store import open_store
from tests.clock import Clock

ROOT = Path(__file__).parents[2]
SENTENCES = {
    "greet": ["你好", "您好", "在吗", "有人吗", "早上好", "喂，你好啊"],
    "ask_amount": ["一个月多少钱", "能领多少", "标准是多少", "给几百块", "补助是多少钱一个月", "钱多不多"],
    "tell": ["他爸坐牢了", "妈妈走了一年", "我今年十岁", "孩子跟奶奶过", "判了三年", "妈妈没音信了"],
    "out_of_scope": ["今天天气怎么样", "股票涨了吗", "给我讲个笑话", "推荐个手机", "世界杯谁赢了", "怎么做红烧肉"],
}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    """A ledger with a clock that can be moved; a test that needs another has its own."""
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}", clock, "s" * 40)
    yield store
    store.close()


@pytest.fixture
def wang(store):
    return add_worker(store, "演示王", "caseworker")[0]


@pytest.fixture
def pipeline(tmp_path):
    """Components of one class, made, trained and taken up again as Rasa does it."""
    return Pipeline(tmp_path)


class Pipeline:
    def __init__(self, folder):
        self._context = ExecutionContext(GraphSchema({}), "test", node_name="test")
        self._storage = LocalModelStorage(folder)

    def make(self, component, **config):
        resource = Resource(component.__name__)
        return component.create({**component.get_default_config(), **config}, self._storage, resource, self._context)

    def again(self, component, **config):
        resource = Resource(component.__name__)
        return component.load({**component.get_default_config(), **config}, self._storage, resource, self._context)

    def featurised(self):
        """The small training set with all its features, and a way to give any text the same."""
        data = TrainingData([Message.build(text, name) for name, texts in SENTENCES.items() for text in texts])
        steps = [self.make(ZhTokenizer), self.make(SoundFeaturizer), self.make(EncoderFeaturizer)]
        for step in steps:
            if hasattr(step, "train"):
                step.train(data)
            step.process_training_data(data)

        def message(text):
            messages = [Message({"text": text})]
            for step in steps:
                messages = step.process(messages)
            return messages[0]

        return data, message


@pytest.fixture
def knowledge(tmp_path):
    """A copy of the knowledge base that a test may change."""
    folder = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder
