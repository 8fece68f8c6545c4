/* SPDX-License-Identifier: MIT */
/* What a worker says: messages out of its pipe, checked and kept; lines that its
 * expert printed; and the kept events again when their turn has come. */
#include "host/host_int.h"

#include <errno.h>
#include <stdlib.h>

#define READ_CHUNK    (64u << 10)
#define READ_TURNS    64  /* chunks at a time: more than a pipe holds; then others have theirs */
#define LOG_LINES_MAX 200 /* lines of an expert's own output that are shown */

static void broke(struct nm_job *j, const char *how)
{
	if (!j->broke_protocol)
		(void)snprintf(j->reason, sizeof j->reason, "its process sent %s", how);
	j->broke_protocol = true;
	j->in_n = 0;
}

char *nm_clean_copy(const char *s)
{
	size_t size = 4 * strlen(s) + 1;
	char *p = malloc(size);

	return p ? nm_text_clean(p, (uint32_t)size, s) : NULL;
}

static void on_registered(struct nm_job *j, struct nm_cur *c)
{
	struct nm_msg_registered m;

	if (j->registered || j->failed || !nm_task_has_expert(j->task) ||
	    !nm_cur_registered(c, &m)) {
		broke(j, "a wrong registration");
		return;
	}
	if (j->task == NM_TASK_RUN && j->target->given && !j->target->config) {
		broke(j, "a registration, and had none when its settings were looked up");
		return;
	}
	j->registered = true;
	j->flags = m.flags;
	j->name = nm_clean_copy(m.name);
	j->vendor = nm_clean_copy(m.vendor);
	j->description = nm_clean_copy(m.description);
}

static void on_settings(struct nm_job *j, struct nm_cur *c)
{
	NMEXPERTFIELD rows[NM_SETTINGS_MOST];
	unsigned n;

	if (!j->registered || j->fields.n || j->events || j->ended || j->failed ||
	    !nm_cur_settings(c, rows, &n)) {
		broke(j, "a wrong table of settings");
		return;
	}
	if (!nm_fields_copy(&j->fields, rows, n) ||
	    !(j->settings = nm_fields_show(&j->fields, &j->stored))) {
		nm_fields_done(&j->fields);
		j->spool_error = ENOMEM;
		return;
	}
	if (j->task == NM_TASK_RUN)
		nm_fields_say_kept(j->opt, j->target->file, &j->fields, &j->stored,
		    j->flags & EXPERT_ENUM_FLAG_CONFIGURABLE);
}

static void on_fail(struct nm_job *j, struct nm_cur *c)
{
	struct nm_msg_fail m;

	if (j->failed || j->ended || !nm_cur_fail(c, &m)) {
		broke(j, "a wrong failure record");
		return;
	}
	j->failed = true;
	j->fail_verdict = m.verdict;
	j->fail_phase = m.phase;
	(void)nm_text_clean(j->reason, sizeof j->reason, m.reason);
}

/* Its expert is there, or it needs none. */
static bool is_under_way(const struct nm_job *j)
{
	return j->registered || !nm_task_has_expert(j->task);
}

static void on_end(struct nm_job *j, struct nm_cur *c)
{
	if (j->ended || j->failed || !is_under_way(j) || !nm_cur_end(c, &j->end)) {
		broke(j, "a wrong end record");
		return;
	}
	if (j->task == NM_TASK_CONFIGURE && j->end.result && !j->configured && !j->spool_error)
		broke(j, "no configuration before its end record");
	j->ended = true;
}

static void on_config(struct nm_job *j, struct nm_cur *c)
{
	const uint8_t *p;

	if (j->task != NM_TASK_CONFIGURE || j->configured || j->ended || j->failed ||
	    !j->registered || !nm_cur_config(c, &p, &j->config_n)) {
		broke(j, "a wrong configuration");
		return;
	}
	j->config = malloc(j->config_n ? j->config_n : 1);
	if (!j->config) {
		j->spool_error = ENOMEM;
		return;
	}
	memcpy(j->config, p, j->config_n);
	j->configured = true;
}

static void on_box(struct nm_job *j, struct nm_cur *c)
{
	if (j->boxed || j->registered || !nm_cur_box(c, &j->box))
		broke(j, "a wrong sandbox record");
	else
		j->boxed = true;
}

char *nm_clean_lines(const char *text)
{
	size_t size = 4 * strlen(text) + 2, n = 0;
	char *out = malloc(size), *copy = strdup(text), *rest = copy;

	if (!out || !copy) {
		free(out);
		free(copy);
		return NULL;
	}
	*out = '\0';
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		if (!*line)
			continue;
		(void)nm_text_clean(out + n, (uint32_t)(size - n), line);
		n += strlen(out + n);
		out[n++] = '\n';
		out[n] = '\0';
	}
	free(copy);
	return out;
}

static void on_notes(struct nm_job *j, struct nm_cur *c)
{
	const char *lines;

	if (j->notes || !j->registered || j->ended || !nm_cur_notes(c, &lines))
		broke(j, "wrong notes");
	else
		j->notes = nm_clean_lines(lines);
}

static void on_event(struct nm_job *j, const uint8_t *msg, size_t size, struct nm_cur *c)
{
	struct nm_column columns[NM_EVENT_COLUMNS];
	struct nm_event ev;

	if (!j->registered || j->ended || !nm_cur_event(c, columns, &ev)) {
		broke(j, "a wrong event");
		return;
	}
	if (j->opt->max_events && j->events >= j->opt->max_events) {
		j->over_limit = true;
		return;
	}
	if (!j->spool_error)
		j->spool_error = nm_spool_append(&j->spool, msg, size);
	if (j->spool_error)
		j->events_lost++;
	else
		j->events++;
}

/* One of a task without an expert. */
static void on_told(struct nm_job *j, enum nm_msg type, struct nm_cur *c)
{
	if (!j->take || j->ended || j->failed || !j->take(j->take_ctx, type, c))
		broke(j, "what was not asked for");
}

/* One whole message at msg. */
static void on_message(struct nm_job *j, enum nm_msg type, const uint8_t *msg, size_t size)
{
	struct nm_cur c = nm_cur_over(msg + NM_WIRE_HEADER, size - NM_WIRE_HEADER);

	switch (type) {
	case NM_MSG_REGISTERED: on_registered(j, &c); break;
	case NM_MSG_EVENT: on_event(j, msg, size, &c); break;
	case NM_MSG_FAIL: on_fail(j, &c); break;
	case NM_MSG_END: on_end(j, &c); break;
	case NM_MSG_BOX: on_box(j, &c); break;
	case NM_MSG_NOTES: on_notes(j, &c); break;
	case NM_MSG_CONFIG: on_config(j, &c); break;
	case NM_MSG_SETTINGS: on_settings(j, &c); break;
	case NM_MSG_PROTOCOL:
	case NM_MSG_PROPERTY:
	case NM_MSG_TEXT:
	case NM_MSG_ENOUGH:
	case NM_MSG_PASSED:
	case NM_MSGS: on_told(j, type, &c); break;
	}
}

/* Take the whole messages at the front of the buffer and keep the rest. */
static void take_messages(struct nm_job *j)
{
	size_t at = 0;

	while (!j->broke_protocol && j->in_n - at >= NM_WIRE_HEADER) {
		enum nm_msg type;
		uint32_t len;

		if (!nm_msg_header(j->in + at, &type, &len)) {
			broke(j, "what is no message");
			return;
		}
		if (j->in_n - at < NM_WIRE_HEADER + (size_t)len)
			break;
		on_message(j, type, j->in + at, NM_WIRE_HEADER + (size_t)len);
		at += NM_WIRE_HEADER + (size_t)len;
	}
	if (j->broke_protocol)
		return;
	if (at)
		memmove(j->in, j->in + at, j->in_n - at);
	j->in_n -= at;
}

static bool make_room(struct nm_job *j)
{
	size_t cap = j->in_cap ? j->in_cap * 2 : 2 * READ_CHUNK;
	uint8_t *p;

	if (j->in_cap - j->in_n >= READ_CHUNK)
		return true;
	p = realloc(j->in, cap);
	if (!p)
		return false;
	j->in = p;
	j->in_cap = cap;
	return true;
}

void nm_job_read_events(struct nm_job *j)
{
	for (int turns = 0; j->events_fd >= 0 && turns < READ_TURNS; turns++) {
		ssize_t r;

		if (!make_room(j)) {
			j->spool_error = ENOMEM;
			nm_close_fd(&j->events_fd);
			return;
		}
		r = nm_pipe_read(j->events_fd, j->in + j->in_n, READ_CHUNK);
		if (r == -EAGAIN)
			return;
		if (r <= 0) {
			nm_close_fd(&j->events_fd);
			return;
		}
		if (j->broke_protocol)
			continue; /* read on, so that it does not wait for us; keep nothing */
		j->in_n += (size_t)r;
		take_messages(j);
	}
}

static void log_line(struct nm_job *j)
{
	if (j->log_n && j->log[j->log_n - 1] == '\r')
		j->log_n--; /* lines of Windows end so */
	j->log[j->log_n] = '\0';
	j->log_n = 0;
	if (j->log_lines++ < LOG_LINES_MAX)
		nm_host_say(j->opt, "%s: %s", j->target->file, j->log);
	else if (j->log_lines == LOG_LINES_MAX + 1)
		nm_host_say(j->opt, "%s: prints on; the rest is left out", j->target->file);
}

void nm_job_read_log(struct nm_job *j)
{
	char buf[4096];

	for (int turns = 0; j->log_fd >= 0 && turns < 16; turns++) {
		ssize_t r = nm_pipe_read(j->log_fd, buf, sizeof buf);

		if (r == -EAGAIN)
			return;
		if (r <= 0) {
			nm_close_fd(&j->log_fd);
			break;
		}
		for (ssize_t i = 0; i < r; i++) {
			if (buf[i] != '\n')
				j->log[j->log_n++] = buf[i] ? buf[i] : ' ';
			if (buf[i] == '\n' || j->log_n == sizeof j->log - 1)
				log_line(j);
		}
	}
	if (j->log_fd < 0)
		nm_job_end_log(j);
}

void nm_job_end_log(struct nm_job *j)
{
	if (j->log_n)
		log_line(j);
}

/* ---- replay --------------------------------------------------------------------------------- */

int nm_job_replay(const struct nm_job *j, struct nm_told *told,
    int (*cb)(void *ctx, const struct nm_event *ev), void *ctx)
{
	uint8_t *buf = malloc(NM_WIRE_HEADER + NM_WIRE_MAX);
	struct nm_column columns[NM_EVENT_COLUMNS];
	int answer = buf ? 0 : ENOMEM;

	while (told->events < j->events && !answer) {
		struct nm_event ev;
		struct nm_cur c;
		enum nm_msg type;
		uint32_t len = 0;
		ssize_t r = nm_spool_read(&j->spool, told->at, buf, NM_WIRE_HEADER);

		if (r == NM_WIRE_HEADER && nm_msg_header(buf, &type, &len))
			r = nm_spool_read(&j->spool, told->at + NM_WIRE_HEADER, buf, len);
		if (r < 0 || r != (ssize_t)len) {
			answer = r < 0 ? (int)-r : EIO;
			break;
		}
		c = nm_cur_over(buf, len);
		answer = nm_cur_event(&c, columns, &ev) ? cb(ctx, &ev) : EIO;
		told->at += NM_WIRE_HEADER + (uint64_t)len;
		told->events++;
	}
	free(buf);
	return answer;
}
