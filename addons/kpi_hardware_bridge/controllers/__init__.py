from . import events, iot_box, web_console
