import assert from "node:assert/strict";
import { boxTimeReader, isTimeZone, isoAt } from "../../../src/lib/calls/box-time";

const berlin = boxTimeReader("Europe/Berlin");

describe("isTimeZone", () => {
  it("knows IANA zones and nothing else", () => {
    for (const zone of ["Europe/Berlin", "UTC", "Asia/Kolkata"]) assert.equal(isTimeZone(zone), true, zone);
    for (const zone of ["Europe/Atlantis", "MESZ", "", "Berlin!"]) assert.equal(isTimeZone(zone), false, zone);
  });
});

describe("boxTimeReader", () => {
  for (const [zone, local, at] of [
    ["Europe/Berlin", "2020-06-16T12:25:42", "2020-06-16T12:25:42+02:00"],
    ["Europe/Berlin", "2020-12-16T12:25:42", "2020-12-16T12:25:42+01:00"],
    ["Europe/Berlin", "2020-12-31T23:59:59", "2020-12-31T23:59:59+01:00"],
    ["UTC", "2020-06-16T12:25:42", "2020-06-16T12:25:42+00:00"],
    ["Europe/London", "2020-01-16T12:25:42", "2020-01-16T12:25:42+00:00"],
    ["Asia/Kolkata", "2020-06-16T12:25:42", "2020-06-16T12:25:42+05:30"],
    ["Asia/Kathmandu", "2020-06-16T12:25:42", "2020-06-16T12:25:42+05:45"],
    ["America/St_Johns", "2020-01-16T12:25:42", "2020-01-16T12:25:42-03:30"],
    ["America/St_Johns", "2020-06-16T12:25:42", "2020-06-16T12:25:42-02:30"],
    ["America/New_York", "2020-06-16T00:10:00", "2020-06-16T00:10:00-04:00"],
    ["Pacific/Kiritimati", "2020-06-16T12:25:42", "2020-06-16T12:25:42+14:00"],
  ] as const) {
    it(`${zone} ${local}`, () => {
      assert.deepEqual(boxTimeReader(zone)(local), { at, ms: Date.parse(at) });
    });
  }

  it("the days on which summer time begins and ends", () => {
    for (const [local, offset] of [
      ["2026-03-29T01:59:59", "+01:00"],
      ["2026-03-29T03:00:00", "+02:00"],
      ["2026-10-25T01:59:59", "+02:00"],
      ["2026-10-25T03:00:00", "+01:00"],
    ]) {
      assert.equal(berlin(local ?? "").at, `${local}${offset}`);
    }
  });

  it("a time that spring leaves out is read with the offset before", () => {
    const { at, ms } = berlin("2026-03-29T02:30:00");
    assert.equal(at, "2026-03-29T02:30:00+01:00");
    assert.equal(ms, Date.parse("2026-03-29T03:30:00+02:00"));
  });

  it("autumn's double hour: the first without a hint, else the nearer one", () => {
    const first = "2026-10-25T02:30:00+02:00";
    const second = "2026-10-25T02:30:00+01:00";
    assert.equal(berlin("2026-10-25T02:30:00").at, first);
    assert.equal(berlin("2026-10-25T02:30:00", Date.parse(first)).at, first);
    assert.equal(berlin("2026-10-25T02:30:00", Date.parse(second)).at, second);
    assert.equal(berlin("2026-10-25T02:30:00", Date.parse(first) - 600_000).at, first);
    assert.equal(berlin("2026-10-25T02:30:00", Date.parse(second) + 600_000).at, second);
    assert.equal(berlin("2026-10-25T02:30:00", Date.parse(first) + 29 * 60_000).at, first);
    assert.equal(berlin("2026-10-25T02:30:00", Date.parse(second) - 29 * 60_000).at, second);
  });

  it("a hint far away changes nothing where the time is clear", () => {
    assert.equal(berlin("2020-06-16T12:25:42", 0).at, "2020-06-16T12:25:42+02:00");
  });

  it("one reader gives the same answers in any order", () => {
    const times = ["2026-10-25T02:10:00", "2026-03-29T02:10:00", "2026-10-25T02:50:00", "2020-06-16T12:00:00"];
    const alone = times.map((local) => boxTimeReader("Europe/Berlin")(local));
    const reader = boxTimeReader("Europe/Berlin");
    assert.deepEqual(
      [...times, ...times].map((local) => reader(local)),
      [...alone, ...alone],
    );
  });

  it("also where the clock is put back by half an hour", () => {
    const single = "2026-04-05T01:10:00";
    const double = "2026-04-05T01:45:00";
    const late = Date.parse("2026-04-05T01:45:00+10:30");
    const reader = boxTimeReader("Australia/Lord_Howe");
    assert.equal(reader(single, late).at, `${single}+11:00`);
    assert.equal(reader(double, late).at, `${double}+10:30`);
    assert.equal(reader(single, late).at, `${single}+11:00`);
  });

  it("without a zone the host's counts", () => {
    const { at, ms } = boxTimeReader("")("2020-06-16T12:25:42");
    assert.equal(ms, new Date(2020, 5, 16, 12, 25, 42).getTime());
    assert.equal(Date.parse(at), ms);
  });

  it("the host's zone is read as the same zone by its name", () => {
    const before = process.env["TZ"];
    try {
      for (const zone of ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]) {
        process.env["TZ"] = zone;
        const [host, named] = [boxTimeReader(""), boxTimeReader(zone)];
        for (const day of [
          "2026-01-01",
          "2026-03-08",
          "2026-03-29",
          "2026-04-05",
          "2026-10-04",
          "2026-10-25",
          "2026-11-01",
        ]) {
          const halfHours = Array.from({ length: 48 }, (_none, i) => Date.parse(`${day}T00:00Z`) + i * 1_800_000);
          const times = halfHours.map((ms) => new Date(ms).toISOString().slice(0, 19));
          assert.deepEqual(
            times.map((local) => host(local)),
            times.map((local) => named(local)),
            zone,
          );
        }
        assert.equal(isoAt(1_770_000_000_000, ""), isoAt(1_770_000_000_000, zone));
      }
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });
});
