// SPDX-License-Identifier: Apache-2.0
#include "md-bus-error.h"

#define NAME(word) "org.madoguchi.Terminal1.Error." word

static const GDBusErrorEntry names[] = {
  { MD_BUS_ERROR_FAILED, NAME ("Failed") },
  { MD_BUS_ERROR_NOT_LOGGED_IN, NAME ("NotLoggedIn") },
  { MD_BUS_ERROR_SESSION_LOCKED, NAME ("SessionLocked") },
  { MD_BUS_ERROR_CARD_UNKNOWN, NAME ("CardUnknown") },
  { MD_BUS_ERROR_CARD_MISMATCH, NAME ("CardMismatch") },
  { MD_BUS_ERROR_LOGIN_UNKNOWN, NAME ("LoginUnknown") },
  { MD_BUS_ERROR_PASSWORD_WRONG, NAME ("PasswordWrong") },
  { MD_BUS_ERROR_PASSWORD_UNSET, NAME ("PasswordUnset") },
  { MD_BUS_ERROR_PASSWORD_WEAK, NAME ("PasswordWeak") },
  { MD_BUS_ERROR_LOCKED_OUT, NAME ("LockedOut") },
  { MD_BUS_ERROR_BUSY, NAME ("Busy") },
  { MD_BUS_ERROR_NO_POLICY, NAME ("NoPolicy") },
  { MD_BUS_ERROR_NOT_PERMITTED, NAME ("NotPermitted") },
  { MD_BUS_ERROR_SAME_OFFICER, NAME ("SameOfficer") },
  { MD_BUS_ERROR_CONTAINER_INVALID, NAME ("ContainerInvalid") },
  { MD_BUS_ERROR_DECISION_INVALID, NAME ("DecisionInvalid") },
  { MD_BUS_ERROR_SIGNATURE_INVALID, NAME ("SignatureInvalid") },
  { MD_BUS_ERROR_RESERVATION_MISMATCH, NAME ("ReservationMismatch") },
  { MD_BUS_ERROR_POLICY_CHANGED, NAME ("PolicyChanged") },
  { MD_BUS_ERROR_UNKNOWN_INTAKE, NAME ("UnknownIntake") },
  { MD_BUS_ERROR_CONFLICT, NAME ("Conflict") },
  { MD_BUS_ERROR_WRONG_STATE, NAME ("WrongState") },
  { MD_BUS_ERROR_ERASED, NAME ("Erased") },
  { MD_BUS_ERROR_NO_NUMBERS, NAME ("NoNumbers") },
  { MD_BUS_ERROR_TOO_LARGE, NAME ("TooLarge") },
  { MD_BUS_ERROR_DISK_FULL, NAME ("DiskFull") },
  { MD_BUS_ERROR_DATABASE, NAME ("Database") },
  { MD_BUS_ERROR_INVALID, NAME ("Invalid") },
  { MD_BUS_ERROR_HELD, NAME ("Held") },
  { MD_BUS_ERROR_RELEASE_INVALID, NAME ("ReleaseInvalid") },
  { MD_BUS_ERROR_NO_RESPONDER, NAME ("NoResponder") },
  { MD_BUS_ERROR_NO_ANSWER, NAME ("NoAnswer") },
  { MD_BUS_ERROR_NOT_DELEGATED, NAME ("NotDelegated") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (names) == MD_BUS_ERROR_NOT_DELEGATED + 1);

GQuark
md_bus_error_quark (void)
{
  static gsize quark;

  g_dbus_error_register_error_domain ("md-bus-error-quark", &quark, names, G_N_ELEMENTS (names));
  return (GQuark)quark;
}

/* Before the first error can arrive: else it would come in as a G_IO_ERROR_DBUS_ERROR whose cause
 * is lost. */
__attribute__ ((constructor)) static void
register_names (void)
{
  md_bus_error_quark ();
}

gboolean
md_bus_error_is_absent (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}
