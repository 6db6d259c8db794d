"""Files in and out: one file a format; ``read`` chooses by content."""

from sensorhar.io.actigraph import read_actigraph
from sensorhar.io.andro_sensor import read_andro_sensor
from sensorhar.io.arff import read_arff
from sensorhar.io.axivity import read_axivity
from sensorhar.io.bvh import read_bvh
from sensorhar.io.core_motion import read_core_motion
from sensorhar.io.csv import read_csv, write_csv
from sensorhar.io.edge_impulse import read_edge_impulse
from sensorhar.io.empatica import read_empatica
from sensorhar.io.events import read_events, write_events
from sensorhar.io.export import export, write_parquet, write_xdf
from sensorhar.io.geneactiv import read_geneactiv
from sensorhar.io.geolife_plt import read_geolife_labels, read_geolife_plt
from sensorhar.io.gpx import read_gpx
from sensorhar.io.hyper_imu import read_hyper_imu
from sensorhar.io.labels_audacity import read_audacity
from sensorhar.io.labels_elan import read_elan
from sensorhar.io.labels_label_studio import read_label_studio
from sensorhar.io.log import LogWriter, read_log
from sensorhar.io.matlab_mobile import read_matlab_mobile
from sensorhar.io.phyphox import read_phyphox
from sensorhar.io.physics_toolbox import read_physics_toolbox
from sensorhar.io.read import read
from sensorhar.io.sensor_log import read_sensor_log
from sensorhar.io.sensor_logger import read_sensor_logger
from sensorhar.io.uea_ts import read_uea_ts
from sensorhar.io.xdf import read_xdf

__all__ = [
    "LogWriter",
    "export",
    "read",
    "read_actigraph",
    "read_andro_sensor",
    "read_arff",
    "read_audacity",
    "read_axivity",
    "read_bvh",
    "read_core_motion",
    "read_csv",
    "read_edge_impulse",
    "read_elan",
    "read_empatica",
    "read_events",
    "read_geneactiv",
    "read_geolife_labels",
    "read_geolife_plt",
    "read_gpx",
    "read_hyper_imu",
    "read_label_studio",
    "read_log",
    "read_matlab_mobile",
    "read_phyphox",
    "read_physics_toolbox",
    "read_sensor_log",
    "read_sensor_logger",
    "read_uea_ts",
    "read_xdf",
    "write_csv",
    "write_events",
    "write_parquet",
    "write_xdf",
]
