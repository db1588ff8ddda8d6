/* stubs/rmi-import-private.h: one remote object, and its stubs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A connection has a table of imports by path. An import counts the references received, and knows its stubs weakly. It goes with the last
 * of them, and then gives back what it counted: so a reference that arrives meanwhile is counted by a new one and not lost.
 * Belongs to the owner of the node; only the last unref of a stub may happen elsewhere.
 */
#pragma once

#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-interface-info-internal.h"
#include "stubs/rmi-stub.h"

G_BEGIN_DECLS

typedef struct _RmiImport RmiImport;
typedef struct _RmiImportTable RmiImportTable;
typedef struct _RmiView RmiView;

/* One stub of an import. */
struct _RmiView
{
  RmiImport     *import;
  RmiConnection *connection;   /* whose table has the import: that stays as long as there is a view */
  GWeakRef       stub;
  GType          stub_type;
  gboolean       is_shared;    /* whoever asks for this type gets this stub; not so one with its own timeout */
  gboolean       is_tapped;    /* of a relay, which stays */
  gboolean       is_listening; /* wants events, whatever its type says */
};

struct _RmiImport
{
  RmiImportTable *table;
  char           *path;
  char           *types;        /* a JSON array of its interfaces, as the peer said; or NULL */
  char           *at;           /* a JSON array: where the peer says the object can be reached itself; until somebody looks */
  char           *owner;        /* GRefString: "<node id><path>" of the object where it lives, as far as it is known; a claim of the peer */
  guint64         received;     /* references, of implicit ids */
  guint           n_deliveries; /* events under way that have a reference to it: they keep it */
  guint           debt;         /* references counted already, and decoded yet again */
  gboolean        is_implicit;
  gboolean        is_broken;    /* not in the table: its connection was lost, or the object is gone */
  gboolean        is_subscribed;
  gboolean        has_gap;      /* was subscribed when the stream was lost, and not told since */
  gboolean        has_lost;     /* events were dropped, and the peer was not asked yet for what is now */
  guint           n_fills;      /* requests under way that subscribe */
  RmiStub        *next;         /* of the import that it is to be moved to, when there are none; or NULL */
  GPtrArray      *views;        /* of RmiView, owned */
  GPtrArray      *infos;        /* of RmiInterfaceInfo, once they were asked for */
  GList           to_announce;  /* in the table's queue; data NULL when out */
};

/* The table of @connection, made if need be. */
RmiImportTable *rmi_import_table_get         (RmiConnection *connection);
RmiImport      *rmi_import_table_lookup      (RmiImportTable *self, const char *path);
RmiImport      *rmi_import_table_ensure      (RmiImportTable *self, const char *path);
/* A stub (transfer full) of an object that is gone. */
RmiStub        *rmi_import_table_new_broken_stub (RmiImportTable *self, const char *path, GType stub_type);
/* References that keep the connection busy, and subscriptions. */
guint           rmi_import_table_count       (RmiImportTable *self);
/* What is held of implicit objects: path → guint64 *, borrowed. */
GHashTable     *rmi_import_table_list_held   (RmiImportTable *self);
/* The stream is gone; the session is over; the connection is there again, or has room again. */
void            rmi_import_table_suspend     (RmiImportTable *self);
void            rmi_import_table_disconnect  (RmiImportTable *self);
void            rmi_import_table_connect     (RmiImportTable *self);
/* The object is gone: its stubs break. Runs user code. */
void            rmi_import_break             (RmiImport *self);
/* All its stubs are of @other's object from now on, or when no request that subscribes is under way any more. Then nobody needs @self. Not
 * where a relay is among them. */
void            rmi_import_move              (RmiImport *self, RmiStub *other);
/* A request that subscribes begins, or ended. */
void            rmi_import_note_fill         (RmiImport *self, gboolean has_begun);
/* What came with a reference to it. */
void            rmi_import_learn             (RmiImport *self, const RmiWireReference *reference);
/* Ends the subscription if no stub is left that wants events. */
void            rmi_import_unsubscribe_unwanted (RmiImport *self);
/* One received reference more, unless it was counted before: see hold. */
void            rmi_import_count             (RmiImport *self);
/* A reference to @path that nobody wants. */
void            rmi_import_table_discard     (RmiImportTable *self, const char *path);
/* @text is going to be decoded several times: counts each reference in it once, in front of them all, and keeps what it names until the
 * array (transfer full) is freed. So in whatever order the decoded objects come and go, nothing is given back that somebody kept. */
GPtrArray      *rmi_import_table_hold        (RmiImportTable *self, RmiSlice text);
/* The references in @text, which is held, are about to be decoded once. */
void            rmi_import_table_add_debts   (RmiImportTable *self, RmiSlice text);

/* What is known of other objects of its types is known of this one. */
void            rmi_import_find_infos        (RmiImport *self);
/* The object said what it is. */
void            rmi_import_take_infos        (RmiImport *self, GPtrArray *infos);

/* The stub (transfer full) of @stub_type: the shared one, or a new one. */
RmiStub        *rmi_import_get_stub          (RmiImport *self, GType stub_type, gboolean is_qualified);
/* A stub of its own (transfer full). */
RmiStub        *rmi_import_new_stub          (RmiImport *self, GType stub_type, gboolean is_qualified);
/* The stubs there are; a ref each. */
GPtrArray      *rmi_import_list_stubs        (RmiImport *self);
/* Any thread: @view's stub, which is of the node of @poller, is being finalized. Takes the view. */
void            rmi_view_gone                (RmiView *view, RmiPoller *poller);

G_END_DECLS
