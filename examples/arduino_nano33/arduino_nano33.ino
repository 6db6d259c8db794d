// Send the accelerometer and gyroscope of an Arduino Nano 33 BLE to sensorhar.
//
//   sensorhar collect ble --profile arduino_nano33
//
// Libraries (Tools > Manage Libraries): ArduinoBLE, and Arduino_LSM9DS1 for the first
// Nano 33 BLE (Sense) or Arduino_BMI270_BMM150 for the Rev2.
//
// A packet:  number u16 | micros u32 of the last sample | samples of 6 int16, little-endian
//                                                          acc x y z, gyr x y z
//
// The number counts packets, so that each lost one is known; micros is the board's own
// clock, so that samples lie where they were taken and not where the radio put them.
// What a count is worth stands in sensorhar/collect/profiles/arduino_nano33.toml.

#include <ArduinoBLE.h>
#include <Arduino_LSM9DS1.h>  // Rev2: #include <Arduino_BMI270_BMM150.h>

const char *SERVICE_UUID = "064f0001-6eab-4535-979d-78de9ddff5a2";
const char *MOTION_UUID = "064f0002-6eab-4535-979d-78de9ddff5a2";

// 6 + 12 bytes fit the 20 that every connection takes. With 4, packets are longer and
// fewer; the profile reads as many as come, but the connection must allow 54 bytes.
const int SAMPLES_PER_PACKET = 1;

const float ACC_COUNTS_PER_G = 8192;               // 4 g / 2^15
const float GYR_COUNTS_PER_DPS = 32768.0f / 2000;  // 2000 deg/s / 2^15

struct __attribute__((packed)) Packet {
  uint16_t number;
  uint32_t micros;
  int16_t samples[SAMPLES_PER_PACKET][6];
};

BLEService service(SERVICE_UUID);
BLECharacteristic motion(MOTION_UUID, BLENotify, sizeof(Packet), true);

Packet packet;
int filled = 0;

int16_t counts(float value, float countsPerUnit) {
  return (int16_t)constrain(lroundf(value * countsPerUnit), -32768L, 32767L);
}

void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
  if (!IMU.begin() || !BLE.begin()) {
    while (true) {  // blink: the sensor or the radio does not start
      digitalWrite(LED_BUILTIN, (millis() / 200) % 2);
    }
  }
  BLE.setLocalName("Nano33 HAR");
  BLE.setDeviceName("Nano33 HAR");
  BLE.setConnectionInterval(6, 12);  // 7.5 to 15 ms, in steps of 1.25 ms
  BLE.setAdvertisedService(service);
  service.addCharacteristic(motion);
  BLE.addService(service);
  BLE.advertise();
}

void loop() {
  BLE.poll();
  digitalWrite(LED_BUILTIN, BLE.connected());
  if (!motion.subscribed()) {
    filled = 0;
    return;
  }
  if (!IMU.accelerationAvailable() || !IMU.gyroscopeAvailable()) {
    return;
  }
  float x, y, z;
  packet.micros = micros();
  IMU.readAcceleration(x, y, z);  // in g
  packet.samples[filled][0] = counts(x, ACC_COUNTS_PER_G);
  packet.samples[filled][1] = counts(y, ACC_COUNTS_PER_G);
  packet.samples[filled][2] = counts(z, ACC_COUNTS_PER_G);
  IMU.readGyroscope(x, y, z);  // in deg/s
  packet.samples[filled][3] = counts(x, GYR_COUNTS_PER_DPS);
  packet.samples[filled][4] = counts(y, GYR_COUNTS_PER_DPS);
  packet.samples[filled][5] = counts(z, GYR_COUNTS_PER_DPS);
  if (++filled == SAMPLES_PER_PACKET) {
    motion.writeValue(&packet, sizeof(packet));
    packet.number++;  // starts over at 65536
    filled = 0;
  }
}
