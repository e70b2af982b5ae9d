#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Where the window's word about revocation comes from, at the real window in a network of its own, which has nothing in it: the bus
alone. By the responder that the certificate names, asked by the service; by the one that the policy names; by the gateway's, where
the service has no other way out than the line; then by nobody; then by a list that came meanwhile. Run inside tests/isolated."""

import contextlib
import functools
import http.server
import os
import shutil
import signal
import sys
import threading

sys.dont_write_bytecode = True
from stage import HERE, perform, stage  # noqa: E402

OPEN = "失効は未確認"


def settle(office, **values):
    """Other values in terminal.ini."""
    path = office.at("terminal", "terminal.ini")
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines()
    with open(path, "w", encoding="utf-8") as f:
        for line in lines:
            key = line.partition("=")[0]
            f.write((key + "=" + values[key] if key in values else line) + "\n")


def renew_policy(office, name, version):
    """Another of the ward's policies comes into force at the service that runs."""
    import world

    shutil.copyfile(office.at("policy", name + ".cms"), office.at("policy", "policy.cms"))
    office.processes["daemon"].send_signal(signal.SIGHUP)
    world.wait_until(lambda: any(row["event"] == "policy" and "version=%d" % version in row["detail"]
                                 for row in office.ctl("audit", "list", "--limit", "1000")), "the next policy")


def is_online(office):
    """The command's status says so, too: whatever else it is, it is an error."""
    import world

    with contextlib.suppress(world.Failure):
        return office.ctl("line", "status")["state"] == "online"
    return False


def cut_off(clerk, office):
    """The service in a network of its own, too, that leads to the gateway and nowhere else; the gateway asks for it."""
    import world

    with open(office.at("gateway", "gateway.ini"), "a", encoding="utf-8") as f:
        f.write("[revocation]\nocsp_url=http://127.0.0.1:8888/\n[crls]\njpki-auth.crl=http://127.0.0.1:8889/jpki-auth.crl\n")
    renew_policy(office, "policy-line", 3)
    office.start_gateway()
    office.stop("daemon")
    office.start_daemon(["/usr/bin/python3", os.path.join(HERE, "..", "world", "only-line.py"), "8443"])
    assert os.readlink("/proc/%d/ns/net" % office.processes["daemon"].pid) != os.readlink("/proc/self/ns/net")
    world.wait_until(lambda: is_online(office), "the line")
    office.remove_card("staff")
    clerk.log_in("S0001")


@contextlib.contextmanager
def lists(office):
    """The authority's own server of lists."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=office.at("crl"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 8889), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def identified(office):
    """Verdict and source of the last identification in the log."""
    rows = [row for row in office.ctl("audit", "list", "--limit", "1000") if row["event"] == "identification"]
    return dict(word.split("=") for word in rows[-1]["detail"].split() if "=" in word)


def identify(clerk, office, who, verdict, source):
    """A new intake, of a procedure that lets revocation be asked later."""
    import world

    before = office.ctl("audit", "list", "--limit", "1000")[-1]["seq"]
    clerk.ask_for_card("保険料免除")
    clerk.show(who)
    world.wait_until(lambda: any(row["event"] == "identification"
                                 for row in office.ctl("audit", "list", "--after", str(before))), "a record")
    found = identified(office)
    assert (found["verdict"], found["revocation"]) == (verdict, source), found
    clerk.send_away()
    return found


def put_off(clerk, office):
    """Nobody answers: taken in, and told on the last page, on the list of the day and in the queue."""
    from people import DAY

    said = []
    clerk.picture = lambda name: said.extend(clerk.robot.texts() if name == "done" else ())
    receipt = clerk.take_in(DAY[0])
    clerk.picture = lambda name: None
    found = identified(office)
    assert (found["verdict"], found["revocation"], found["cause"]) == ("deferred", "none", "no-answer"), found
    assert any("本庁で電子証明書の失効を確認" in text for text in said), said
    clerk.see("今日の受付")
    clerk.see(receipt)
    clerk.see(OPEN)
    clerk.show_queue()
    clerk.see(OPEN)
    clerk.robot.key("Escape")


def assert_no_network(pid):
    """Every socket of the window is of the kind that stays on this machine: bus, card service, screen."""
    own, local = set(), set()
    for name in os.listdir("/proc/%d/fd" % pid):
        with contextlib.suppress(FileNotFoundError):
            target = os.readlink("/proc/%d/fd/%s" % (pid, name))
            if target.startswith("socket:["):
                own.add(target[8:-1])
    with open("/proc/%d/net/unix" % pid, encoding="ascii") as f:
        local.update(line.split()[6] for line in f.readlines()[1:])
    assert own and own <= local, own - local


def start(office):
    """The terminal with lists of its own, a responder, and a window in a network of its own."""
    settle(office, crl_dir=office.at("run", "lists"))
    office.start_cards()
    office.start_ocsp(["auth"])
    office.start_daemon()
    office.start_window(["unshare", "--net"])


def run(clerk, office):
    window = office.processes["window"].pid
    with open("/proc/%d/net/dev" % window, encoding="ascii") as f:
        assert [line.split(":")[0].strip() for line in f.readlines()[2:]] == ["lo"], "the window has a network"
    assert os.readlink("/proc/%d/ns/net" % window) != os.readlink("/proc/self/ns/net")
    identify(clerk, office, "stay", "valid", "ocsp")
    assert_no_network(window)
    renew_policy(office, "policy-service", 2)
    identify(clerk, office, "stay", "valid", "ocsp")

    cut_off(clerk, office)
    identify(clerk, office, "stay", "valid", "ocsp")
    office.stop("ocsp-auth")
    found = identify(clerk, office, "stay", "deferred", "none")
    assert found["cause"] == "no-answer", found
    office.stop("gateway")
    put_off(clerk, office)
    # the window has run since before the list was there
    office.start_gateway()
    with lists(office):
        sources = office.ctl("crl", "fetch")
    assert [source["state"] for source in sources] == ["ok"], sources
    identify(clerk, office, "stay", "valid", "crl")
    assert_no_network(window)


def main():
    with stage(start) as play:
        run(play.clerk, play.office)
    return 0


if __name__ == "__main__":
    perform(main)
