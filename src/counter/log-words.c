// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "log-words.h"

#include <glib/gi18n.h>
#include <md-base.h>
#include <md-forms.h>
#include <string.h>

typedef struct
{
  const char *word;
  const char *label;
} Row;

/* What was done. */
static const Row events[] = {
  { "login", N_ ("Logging in") },
  { "logout", N_ ("Logging out") },
  { "lock", N_ ("Screen locked") },
  { "password", N_ ("Password set") },
  { "reserve", N_ ("Intake begun") },
  { "abandon", N_ ("Intake given up") },
  { "suspend", N_ ("Intake suspended") },
  { "resume", N_ ("Suspended intake continued") },
  { "erase-draft", N_ ("Suspended intake erased") },
  { "identification", N_ ("Identification") },
  { "delegation", N_ ("Letter of delegation") },
  { "hold", N_ ("Intake stopped") },
  { "release", N_ ("Stopped intake released") },
  { "submit", N_ ("Application taken in") },
  { "replace", N_ ("Returned application taken up again") },
  { "notice", N_ ("Notice of the back office") },
  { "acknowledge", N_ ("Notice settled without a new intake") },
  { "reference", N_ ("Application looked at") },
  { "reveal", N_ ("Hidden value shown") },
  { "decide", N_ ("Decision") },
  { "deliver", N_ ("Sent to the back office") },
  { "park", N_ ("Sending stopped or let go") },
  { "erase", N_ ("Copy erased here") },
  { "refusal", N_ ("Refused at the screen") },
  { "call", N_ ("Call of a program") },
  { "policy", N_ ("Rules of the office") },
  { "line", N_ ("Line") },
  { "numbers", N_ ("Receipt numbers issued") },
  { "restored", N_ ("Put back to an older state") },
  { "staff-card", N_ ("Staff card") },
  { "reader-role", N_ ("Use of a card reader") },
  { "card-pin", N_ ("PIN of a resident's card") },
  { "forms", N_ ("Forms") },
  { "settings", N_ ("Settings of the terminal") },
  { "crl", N_ ("Lists of revoked certificates") },
  { "backup", N_ ("Backup made") },
  { "restore", N_ ("Backup put back") },
  { "salvage", N_ ("Damaged database saved") },
  { "print", N_ ("Printing") },
  { "guide", N_ ("Explained or handed out") },
  { "error", N_ ("Trouble at the window") },
  { "left", N_ ("Something of a person left in the window") },
  { "audit-list", N_ ("Log looked at") },
  { "audit-verify", N_ ("Log checked") },
};

/* What the details say. A word means the same wherever it stands; where two causes share one, the
 * event beside it tells them apart. */
static const Row words[] = {
  { "low", N_ ("few were left") },
  { "out-of-range", N_ ("outside the policy's range") },
  { "too-far", N_ ("much higher than those before") },
  { "fresh", N_ ("in place of those before") },
  { "later-epoch", N_ ("put back before, too") },
  { "later-number", N_ ("a later receipt number has arrived") },
  { "later-item", N_ ("a later item has arrived") },
  { "put-back", N_ ("from a backup") },
  { "no-service", N_ ("the card service is not running") },
  { "not-installed", N_ ("no card service installed") },
  { "service-lost", N_ ("card service stopped meanwhile") },
  { "no-permission", N_ ("the card reader may not be used") },
  { "no-reader", N_ ("no card reader") },
  { "no-card", N_ ("no card") },
  { "removed", N_ ("card taken away") },
  { "mute", N_ ("card does not answer") },
  { "busy", N_ ("in use by another") },
  { "timeout", N_ ("no answer in time") },
  { "unknown-card", N_ ("unknown card") },
  { "wrong-card", N_ ("card for the other reader") },
  { "foreign-card", N_ ("another officer's card") },
  { "pin-wrong", N_ ("wrong PIN") },
  { "pin-same", N_ ("the same wrong PIN again") },
  { "pin-sent-before", N_ ("a PIN that the card may have refused before") },
  { "pin-last-try", N_ ("one try left for the PIN") },
  { "pin-uncounted", N_ ("tries of the PIN not known") },
  { "pin-blocked", N_ ("PIN locked") },
  { "pin-format", N_ ("no possible PIN") },
  { "pin-needed", N_ ("PIN not given") },
  { "no-data", N_ ("not on this card") },
  { "protocol", N_ ("answer not understood") },
  { "unsupported", N_ ("not offered by card or reader") },
  { "pad-cancelled", N_ ("cancelled at the keypad") },
  { "pad-timeout", N_ ("nothing entered at the keypad") },
  { "pad-waiting", N_ ("keypad still waits") },
  { "pad-failed", N_ ("keypad does not work") },
  { "stopped", N_ ("stopped while a PIN was on its way") },
  { "failed", N_ ("fault of the reader") },
  { "not-registered", N_ ("not registered") }, /* the reader, or (line) the terminal */
  { "unregistered", N_ ("none, not registered for this terminal") },
  { "valid", N_ ("valid") },
  { "listed", N_ ("valid by the revocation list") },
  { "deferred", N_ ("revocation to be checked later") },
  { "revocation-unknown", N_ ("authority does not know the certificate") },
  { "expired", N_ ("expired") },
  { "not-yet-valid", N_ ("not valid yet") },
  { "revoked", N_ ("revoked") },
  { "suspended", N_ ("suspended") },
  { "untrusted-issuer", N_ ("issuer not trusted") },
  { "authority-certificate", N_ ("an authority's certificate") },
  { "server-certificate", N_ ("a server's certificate") },
  { "responder-certificate", N_ ("a revocation service's certificate") },
  { "registration-certificate", N_ ("a company's certificate") },
  { "signature-certificate", N_ ("a certificate for signatures") },
  { "authentication-certificate", N_ ("a certificate for user authentication") },
  { "issuer", N_ ("issuer of another line") },
  { "organization", N_ ("issuer not named by the policy") },
  { "certificate-policy", N_ ("issued under other rules") },
  { "key-usage", N_ ("key for another use") },
  { "algorithm", N_ ("algorithm not permitted") },
  { "extension", N_ ("condition not known") },
  { "names", N_ ("names not in order") },
  { "no-anchor", N_ ("no known authority") },
  { "not-an-authority", N_ ("issuer without the right to issue") },
  { "authority-between", N_ ("not issued by the authority itself") },
  { "no-list", N_ ("no revocation list") },
  { "bad-list", N_ ("revocation list not usable") },
  { "no-answer", N_ ("no answer about revocation") },
  { "responder-busy", N_ ("revocation service asks to try later") },
  { "responder-refuses", N_ ("revocation service does not answer us") },
  { "bad-answer", N_ ("answer about revocation not to be believed") },
  { "unspecified", N_ ("no reason given") },
  { "keyCompromise", N_ ("key may be known to others") },
  { "cACompromise", N_ ("authority's key may be known to others") },
  { "affiliationChanged", N_ ("person's data changed") },
  { "superseded", N_ ("replaced by a newer certificate") },
  { "cessationOfOperation", N_ ("no longer used") },
  { "certificateHold", N_ ("held back for a time") },
  { "removeFromCRL", N_ ("no longer held back") },
  { "privilegeWithdrawn", N_ ("right to it withdrawn") },
  { "aACompromise", N_ ("authority's key may be known to others") },
  { "wrong-profile", N_ ("certificate for another purpose") },
  { "test-certificate", N_ ("test certificate") },
  { "bad-certificate", N_ ("certificate damaged") },
  { "bad-proof", N_ ("card's proof wrong") },
  { "bad-data", N_ ("card's data do not match") },
  { "face", N_ ("the same person") },
  { "face-unsure", N_ ("the clerk could not tell") },
  { "face-other", N_ ("another person") },
  { "other-person", N_ ("not the person who was stopped") },
  { "other-than-suspended", N_ ("not the person whose intake was suspended") },
  { "other-card", N_ ("another card in place of the one that was lifted") },
  { "card-away", N_ ("the card was away for too long") },
  { "before", N_ ("read for the application before") },
  { "past-last-day", N_ ("card expired") },
  { "card-without-pin", N_ ("card without a PIN") },
  { "no-signature-certificate", N_ ("card without a signature certificate") },
  { "signer-other", N_ ("signed by somebody else") },
  { "signer-no-authority", N_ ("signed without proof of authority") },
  { "filer-kind", N_ ("another kind of filer in the contents") },
  { "filer-paper", N_ ("another proof of authority in the contents") },
  { "filer-head", N_ ("filer is not the head of the household named") },
  { "filer-household", N_ ("filer lives at another address") },
  { "signer-number", N_ ("number of the signer, not of the applicant") },
  { "phone", N_ ("a phone in place of the card") },
  { "card-face", N_ ("face compared") },
  { "jpki-sign", N_ ("by the signature certificate") },
  { "photograph", N_ ("photograph shown") },
  { "identification", N_ ("way of identification not accepted") },
  { "identification-unknown", N_ ("no such result of an identification") },
  { "identification-stopped", N_ ("identification did not succeed") },
  { "identification-deferred", N_ ("revocation may not be checked later") },
  { "identification-contradiction", N_ ("identification contradicts itself") },
  { "identification-assurance", N_ ("identification not sure enough") },
  { "documents", N_ ("documents compared") },
  { "documents-short", N_ ("documents not enough") },
  { "documents-other", N_ ("photograph does not fit") },
  { "photo-document", N_ ("photo document") },
  { "notice-card", N_ ("photo document and notification card") },
  { "two-documents", N_ ("two documents") },
  { "posted-copies", N_ ("copies by post") },
  { "not-required", N_ ("no identification needed") },
  { "institution", N_ ("an institution") },
  { "section", N_ ("another section or public body") },
  { "ex-officio", N_ ("this office of itself") },
  { "anyone", N_ ("somebody who need not say who") },
  { "funeral", N_ ("who held the funeral") },
  { "self", N_ ("the person") },
  { "head", N_ ("head of the household") },
  { "member", N_ ("member of the household") },
  { "legal", N_ ("legal representative") },
  { "guardian", N_ ("guardian of an adult") },
  { "agent", N_ ("agent with a letter of delegation") },
  { "care-manager", N_ ("care manager") },
  { "facility", N_ ("staff of a facility") },
  { "bereaved", N_ ("bereaved family") },
  { "school", N_ ("staff of a school") },
  { "not-brought", N_ ("card not brought") },
  { "never-had", N_ ("has no card") },
  { "lost", N_ ("card lost") },
  { "proxy", N_ ("somebody else files") },
  { "by-post", N_ ("sent by post") },
  { "password", N_ ("wrong password") },
  { "no-password", N_ ("no password set") },
  { "locked-out", N_ ("too many wrong passwords") },
  { "unknown-login", N_ ("login took too long") },
  { "unreadable-card", N_ ("certificate cannot be read") },
  { "unreadable-password", N_ ("password cannot be read") },
  { "card-answer", N_ ("card's answer wrong") },
  { "vanished", N_ ("window gone") },
  { "logout", N_ ("logged out") },
  { "idle", N_ ("nobody at work") },
  { "card", N_ ("staff card taken away") },
  { "officer", N_ ("by the officer") },
  { "other-officer", N_ ("another officer came") },
  { "replaced", N_ ("another came in its place") },
  { "policy", N_ ("the policy") },
  { "no-policy", N_ ("no valid policy") },
  { "login", N_ ("login") },
  { "unlock", N_ ("unlocked") },
  { "not-logged-in", N_ ("not logged in") },
  { "locked", N_ ("screen locked") },
  { "foreign-session", N_ ("another's session") },
  { "wrong-session", N_ ("wrong session") },
  { "not-permitted", N_ ("not permitted") },
  { "not-administrator", N_ ("not the administrator") },
  { "not-auditor", N_ ("not an auditor") },
  { "strange-event", N_ ("event of no known form") },
  { "strange-question", N_ ("question of no known form") },
  { "too-many", N_ ("too many at once") },
  { "unclean-detail", N_ ("detail not fit for the log") },
  { "no-such-list", N_ ("no such list") },
  { "unknown-method", N_ ("no such call") },
  { "unknown-interface", N_ ("no such interface") },
  { "unknown-object", N_ ("no such object") },
  { "unknown-property", N_ ("no such property") },
  { "read-only", N_ ("cannot be set") },
  { "wrong-arguments", N_ ("wrong arguments") },
  { "denied", N_ ("denied by the bus") },
  { "various", N_ ("various causes") },
  { "unknown-intake", N_ ("no such application") },
  { "same-officer", N_ ("the same officer") },
  { "officers", N_ ("number of officers who agree") },
  { "role", N_ ("role does not permit it") },
  { "rule", N_ ("against a rule") },
  { "signature", N_ ("signature wrong") },
  { "foreign-signature", N_ ("another's signature") },
  { "policy-changed", N_ ("policy changed meanwhile") },
  { "clock", N_ ("clock set back") },
  { "seal", N_ ("cannot be verified or sealed") },
  { "damaged", N_ ("damaged") },
  { "disk-full", N_ ("disk full") },
  { "disk-nearly-full", N_ ("disk nearly full") },
  { "certificate", N_ ("certificate cannot be used") },
  { "form", N_ ("content does not fit the form") },
  { "container", N_ ("container damaged") },
  { "content", N_ ("content does not match") },
  { "decision-inside", N_ ("decision already inside") },
  { "part-malformed", N_ ("part damaged") },
  { "part-missing", N_ ("part missing") },
  { "recipients", N_ ("recipients unknown") },
  { "recipients-differ", N_ ("sealed to others") },
  { "wrong-recipient", N_ ("not sealed to the back office") },
  { "attachments", N_ ("too many scans, or too large") },
  { "scans", N_ ("scans not looked at") },
  { "empty-file", N_ ("empty file") },
  { "other-kind", N_ ("no scan by its content") },
  { "too-much", N_ ("too many pages, or too large") },
  { "encrypted", N_ ("protected by a password") },
  { "active", N_ ("holds more than a scan does") },
  { "virus", N_ ("virus scanner reports it") },
  { "scanner-failed", N_ ("virus scanner did not answer") },
  { "verification", N_ ("cannot be verified") },
  { "not-stored", N_ ("not stored") },
  { "not-reserved", N_ ("not begun") },
  { "not-abandoned", N_ ("not given up") },
  { "not-sealed", N_ ("not sealed to the officer's card") },
  { "not-suspended", N_ ("not suspended") },
  { "not-resumed", N_ ("not continued") },
  { "not-erased", N_ ("not erased") },
  { "suspended-intake", N_ ("suspended to go on later") },
  { "period", N_ ("kept for as long as the office allows") },
  { "own-clerk", N_ ("its own clerk") },
  { "visit", N_ ("what was kept between two applications of a visit") },
  { "supervisor", N_ ("a supervisor") },
  { "resume", N_ ("to continue a suspended intake") },
  { "not-here", N_ ("not at this terminal any more") },
  { "restart", N_ ("terminal started again") },
  { "no-pipe", N_ ("password not handed over") },
  { "bad-signature", N_ ("signature wrong") },
  { "unreadable", N_ ("cannot be read") },
  { "definition", N_ ("definition wrong") },
  { "invalid", N_ ("not valid") },
  { "missing", N_ ("missing") },
  { "number-back", N_ ("older number than the list in use") },
  { "foreign-signer", N_ ("not signed by a known authority") },
  { "stale", N_ ("next list already due") },
  { "early", N_ ("begins later") },
  { "unfit", N_ ("no whole list") },
  { "unwritten", N_ ("could not be written") },
  { "taken", N_ ("taken into use") },
  { "same", N_ ("in use already") },
  { "foreign", N_ ("for another office") },
  { "older", N_ ("older than the one in force") },
  { "changed", N_ ("changed without a new version") },
  { "unavailable", N_ ("not available") },
  { "copy", N_ ("the copy kept here") },
  { "not-our-gateway", N_ ("not our gateway") },
  { "certificate-refused", N_ ("our certificate refused") },
  { "silent", N_ ("the one before does not answer") },
  { "start", N_ ("in use from the start") },
  { "back", N_ ("the first one serves again") },
  { "wrong-clock", N_ ("clocks do not agree") },
  { "certificate-ended", N_ ("the gateway's certificate has ended") },
  { "key-refused", N_ ("our key refused") },
  { "settings", N_ ("settings of the line") },
  { "gateway-trouble", N_ ("trouble at the gateway") },
  { "own-store", N_ ("trouble of this terminal's store") },
  { "receipt", N_ ("receipt not valid") },
  { "approve", N_ ("approved") },
  { "check", N_ ("checked by the first of two") },
  { "return", N_ ("returned") },
  { "reject", N_ ("turned down") },
  { "restore", N_ ("restored") },
  { "none", N_ ("none") },
  { "ocsp", N_ ("asked online") },
  { "crl", N_ ("by the list") },
  { "administrator", N_ ("administrator") },
  { "held", N_ ("stopped and not released") },
  { "releases", N_ ("another release than was given") },
  { "delegation", N_ ("another letter than was checked") },
  { "no-notice", N_ ("no notice of the back office") },
  { "unknown-letter", N_ ("no such accepted letter") },
  { "principal", N_ ("another principal, or another code") },
  { "delegate", N_ ("another delegate") },
  { "procedure", N_ ("another procedure") },
  { "over", N_ ("over") },
  { "ended", N_ ("ended") },
  { "elsewhere", N_ ("to be changed where it was accepted") },
  { "no-line", N_ ("no line to ask by") },
  { "too-often", N_ ("asked too often") },
  { "strange-answer", N_ ("strange answer of the gateway") },
  { "not-kept", N_ ("what the gateway told not recorded") },
  { "receipt-day", N_ ("day of receipt does not fit") },
  { "procedure-version", N_ ("version of the form not in the policy") },
  { "letter", N_ ("letter of delegation long over") },
  { "no-code", N_ ("no code") },
  { "given-back", N_ ("given back by the back office") },
  { "not-cited", N_ ("letter not recorded") },
  { "left-text", N_ ("what was typed") },
  { "left-history", N_ ("what was typed before it was changed") },
  { "left-copy", N_ ("what was copied") },
  { "left-pin", N_ ("a PIN") },
  { "left-intake", N_ ("the intake") },
  { "slip", N_ ("receipt slip") },
  { "joint-slip", N_ ("receipt slip of a visit") },
  { "guide", N_ ("list of what is due") },
  { "application", N_ ("application for checking") },
  { "no-digest", N_ ("not said in a known form") },
  { "not-named", N_ ("person not named") },
  { "named-otherwise", N_ ("another person than was named") },
  { "not-raised", N_ ("stop not recorded") },
  { "not-released", N_ ("release not recorded") },
  { "holds", N_ ("stops cannot be read") },
  { "time", N_ ("time does not match") },
  { "monotonic", N_ ("count of the clock does not match") },
  { "policy-version", N_ ("version of the policy does not match") },
  { "intake", N_ ("another application") },
  { "receipt-number", N_ ("another receipt number") },
  { "office", N_ ("another office") },
  { "terminal", N_ ("another terminal") },
  { "clerk", N_ ("another clerk") },
  { "session", N_ ("begun by another officer") },
  { "replaces", N_ ("takes up another application again") },
  { "boot-id", N_ ("from before the terminal started again") },
  { "nonce-state", N_ ("age of the random number does not match") },
  { "nonce", N_ ("random number does not match") },
  { "signer", N_ ("signer not accepted") },
  { "number", N_ ("number does not follow upon the last") },
  { "previous", N_ ("another notice before it") },
  { "notice", N_ ("notice of the back office") },
  { "confirmations", N_ ("confirmation list") },
  { "unknown-policy", N_ ("no such policy") },
  { "weak", N_ ("password too weak") },
  { "other-intake", N_ ("another application") },
  { "other-terminal", N_ ("another terminal") },
  { "other-hold", N_ ("another stop") },
  { "other-clerk", N_ ("another officer's application") },
  { "resident", N_ ("for residents") },
  { "staff", N_ ("for the staff card") },
  { "auth", N_ ("user certificate") },
  { "text", N_ ("personal data") },
  { "sign", N_ ("signature certificate") },
  { "yes", N_ ("done") },
  { "no", N_ ("not done") },
  { "park", N_ ("stopped") },
  { "let-go", N_ ("let go") },
  { "person-asks", N_ ("the person asks to wait") },
  { "back-office-asks", N_ ("the back office asks to wait") },
  { "in-doubt", N_ ("something about it is in doubt") },
  { "harms-others", N_ ("it hampers the sending of others") },
  { "nothing-to-do", N_ ("nothing to do") },
  { "old-or-new", N_ ("not known whether it was changed") },
};

/* What was tried. */
static const Row actions[] = {
  { "attach", N_ ("attaching a scan") },
  { "remove-scan", N_ ("removing files from the scan folder") },
  { "seal", N_ ("sealing") },
  { "open", N_ ("opening") },
  { "decide", N_ ("deciding") },
  { "withdraw", N_ ("withdrawing") },
  { "release", N_ ("releasing") },
  { "restore", N_ ("restoring") },
  { "compare", N_ ("comparing") },
  { "look", N_ ("looking at scans") },
};

/* What stands before a value; nothing where the word speaks for itself. */
static const Row keys[] = {
  { "cause", "" },
  { "address", N_ ("Gateway address no.") },
  { "verdict", "" },
  { "action", "" },
  { "kind", "" },
  { "method", "" },
  { "shown", "" },
  { "erased", N_ ("What was read is erased:") },
  { "filer", N_ ("Filed by:") },
  { "brought", N_ ("Brought by:") },
  { "no_card", N_ ("Card:") },
  { "read", N_ ("Card:") },
  { "decision", "" },
  { "revocation", N_ ("Revocation:") },
  { "reason", "" },
  { "since", N_ ("Since") },
  { "role", N_ ("Use:") },
  { "reader", N_ ("Reader:") },
  { "pin", N_ ("PIN:") },
  { "letter", N_ ("Letter no.") },
  { "notice", N_ ("Notice no.") },
  { "list", N_ ("List:") },
  { "source", N_ ("Source no.") },
  { "differences", N_ ("Differences:") },
  { "seen", N_ ("Looked at:") },
  { "change", "" },
  { "before", N_ ("Before:") },
  { "after", N_ ("After:") },
  { "what", "" },
  { "delegation", N_ ("Filed by letter") },
  { "sheets", N_ ("Sheets:") },
  { "hold", N_ ("Stop no.") },
  { "held", N_ ("Stops left:") },
  { "taken", N_ ("As of") },
  { "kept", N_ ("Kept:") },
  { "removed", N_ ("Removed:") },
  { "by", N_ ("By:") },
  { "of", N_ ("Of:") },
  { "try", N_ ("Try") },
  { "more", N_ ("More of the same:") },
  { "from", N_ ("From") },
  { "to", N_ ("To") },
  { "item", N_ ("Sent part") },
  { "code", N_ ("Code") },
  { "version", N_ ("Version") },
  { "replaces", N_ ("Takes up again") },
  { "replaced_by", N_ ("Taken up again as") },
  { "field", N_ ("Field") },
  { "scan", N_ ("Scan of") },
  { "scans", N_ ("Scans:") },
  { "paper", N_ ("By the paper itself:") },
  { "closed", N_ ("Not for this officer:") },
  { "count", N_ ("How many") },
  { "file", N_ ("File") },
  { "key", N_ ("Setting") },
  { "call", N_ ("Call") },
  { "event", N_ ("Life event") },
  { "highest", N_ ("Highest number:") },
  { "told", N_ ("Explained:") },
  { "given", N_ ("Handed out:") },
  { "receipt", N_ ("Receipt no.") },
  { "uid", N_ ("User number") },
  { "peer", N_ ("Connection") },
};

/* NULL when the word is none of ours. */
static const char *
find (const Row *rows, gsize n_rows, const char *word)
{
  for (gsize i = 0; i < n_rows; i++)
    if (g_strcmp0 (rows[i].word, word) == 0)
      return *rows[i].label != '\0' ? _ (rows[i].label) : "";
  return NULL;
}

const char *
log_words_event (const char *event)
{
  const char *label = find (events, G_N_ELEMENTS (events), event);

  return label != NULL ? label : event;
}

const char *
log_words_value (const char *key, const char *value)
{
  if (g_strcmp0 (key, "action") == 0)
    return find (actions, G_N_ELEMENTS (actions), value);
  return find (words, G_N_ELEMENTS (words), value);
}

/* A moment as people here write it, a word of ours in their language, anything else as it is. */
static char *
read_value (const char *key, const char *value)
{
  const char *label = log_words_value (key, value);
  gint64 wall;

  if (label != NULL)
    return g_strdup (label);
  if (strchr (value, 'T') != NULL && md_time_parse_rfc3339 (value, &wall, NULL))
    return md_time_format_tokyo (wall,
                                 md_forms_in_japanese () ? MD_TIME_STYLE_ERA : MD_TIME_STYLE_ISO);
  return g_strdup (value);
}

/* "card-expired": the login says of a card's certificate what is said of any. */
static const char *
skip_prefix (const char *key, const char *value)
{
  const char *rest = value + strlen ("card-");

  return g_str_equal (key, "cause") && g_str_has_prefix (value, "card-")
                 && find (words, G_N_ELEMENTS (words), value) == NULL
             ? rest
             : value;
}

static void
add (GString *text, const char *token)
{
  const char *equals = strchr (token, '=');
  g_autofree char *key = equals != NULL ? g_strndup (token, (gsize)(equals - token)) : NULL;
  const char *label = key != NULL ? find (keys, G_N_ELEMENTS (keys), key) : NULL;
  g_autofree char *value = label != NULL ? read_value (key, skip_prefix (key, equals + 1)) : NULL;

  if (text->len > 0)
    g_string_append (text, "  ");
  if (label == NULL)
    g_string_append (text, token);
  else if (*label == '\0')
    g_string_append (text, value);
  else
    g_string_append_printf (text, "%s %s", label, value);
}

char *
log_words_detail (const char *detail)
{
  g_auto (GStrv) tokens = g_strsplit (detail, " ", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; tokens[i] != NULL; i++)
    if (*tokens[i] != '\0')
      add (text, tokens[i]);
  return g_string_free (text, FALSE);
}
