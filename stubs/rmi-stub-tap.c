/* stubs/rmi-stub-tap.c: what a relay needs of a stub
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "stubs/rmi-stub-tap-internal.h"

#include "stubs/rmi-stub-private.h"

gpointer
rmi_stub_get_identity (RmiStub *self)
{
  return rmi_stub_get_private (self)->view->import;
}

RmiStub *
rmi_stub_new_tapped (RmiStub        *self,
                     RmiStubTapFunc  func,
                     gpointer        user_data)
{
  RmiStub *tapped = rmi_import_new_stub (rmi_stub_get_private (self)->view->import, RMI_TYPE_STUB, FALSE);
  RmiStubPrivate *priv = rmi_stub_get_private (tapped);

  priv->view->is_tapped = TRUE;
  priv->may_approach = FALSE;
  priv->tap = func;
  priv->tap_data = user_data;
  rmi_stub_set_timeout (tapped, G_MAXUINT);
  return tapped;
}

void
rmi_stub_tap_listen (RmiStub  *self,
                     gboolean  is_wanted)
{
  RmiView *view = rmi_stub_get_private (self)->view;

  view->is_listening = is_wanted;
  if (!is_wanted)
    rmi_import_unsubscribe_unwanted (view->import);
}

void
rmi_stub_tap_subscribed (RmiStub *self)
{
  RmiImport *import = rmi_stub_get_private (self)->view->import;

  import->is_subscribed = TRUE;
  rmi_import_unsubscribe_unwanted (import);
}

void
rmi_stub_tap_repeat (RmiStub   *self,
                     RmiReader *again)
{
  if (!rmi_reader_is_void (again))
    rmi_import_table_add_debts (rmi_stub_get_private (self)->view->import->table,
                                (RmiSlice){ again->start, again->end - again->start });
}

RmiCall *
rmi_stub_tap_begin_call (RmiStub    *self,
                         const char *member)
{
  return rmi_stub_begin_call_by_name (self, member);
}
