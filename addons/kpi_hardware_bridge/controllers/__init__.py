from . import events, iot_box
