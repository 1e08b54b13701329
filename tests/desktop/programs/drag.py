"""A window, titled ``source``, out of which files can be dragged: ``python drag.py X Y PATH…``."""

import sys

from qtpy import QtCore, QtGui, QtWidgets

x, y, *paths = sys.argv[1:]
application = QtWidgets.QApplication(["source"])


class Source(QtWidgets.QWidget):
    """Starts a drag as soon as the pointer moves with its button down."""

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        data = QtCore.QMimeData()
        data.setUrls([QtCore.QUrl.fromLocalFile(path) for path in paths])
        drag = QtGui.QDrag(self)
        drag.setMimeData(data)
        drag.exec(QtCore.Qt.DropAction.CopyAction)


source = Source()
source.setWindowTitle("source")
source.setGeometry(int(x), int(y), 150, 100)
source.show()
application.exec()
