/* SPDX-License-Identifier: MIT */
/* What the supervisor says, taken up and handed to who does it. */
#include "engine/serve.h"
#include "system/files.h"

static bool dispatch(
    struct nm_engine *e, const uint8_t *buf, size_t n, const int *fds, unsigned n_fds)
{
	struct nm_cur c = nm_cur_over(buf, n);
	struct nm_target_format target;
	struct nm_ctl_parser parser;
	struct nm_ctl_filter filter;
	struct nm_ctl_start start;
	uint32_t index;

	switch (nm_cur_ctl(&c)) {
	case NM_CTL_START:
		if (!nm_cur_start(&c, &start) || n_fds != nm_start_fds(start.task))
			return false;
		return nm_engine_start(e, &start, fds);
	case NM_CTL_CONVERT:
		return nm_cur_convert(&c, &target) && (n_fds == 1 || n_fds == 2) &&
		       nm_engine_convert(e, fds[0], n_fds == 2 ? fds[1] : -1, &target);
	case NM_CTL_SEAL: return nm_cur_ctl_index(&c, &index) && nm_engine_take_seal(e);
	case NM_CTL_INSPECT: return nm_cur_ctl_index(&c, &index) && nm_engine_inspect(e);
	case NM_CTL_SETTINGS:
		return nm_cur_parser(&c, &parser) && n_fds == 1 &&
		       nm_engine_take_settings(e, &parser, fds[0]);
	case NM_CTL_PARSER:
		return nm_cur_parser(&c, &parser) && n_fds == 1 &&
		       nm_engine_take_parser(e, &parser, fds[0]);
	case NM_CTL_FILTER:
		return nm_cur_filter(&c, &filter) && filter.text &&
		       nm_engine_take_filter(e, filter.text);
	case NM_CTL_KILL:
		if (!nm_cur_ctl_index(&c, &index))
			return false;
		nm_engine_kill(e, index);
		return true;
	default: return false;
	}
}

bool nm_engine_take_packet(struct nm_engine *e)
{
	uint8_t buf[NM_CTL_MAX];
	int fds[NM_START_FDS] = { -1, -1, -1, -1, -1, -1 };
	unsigned n_fds;
	ssize_t n = nm_channel_recv(&e->cfg->ctl, buf, sizeof buf, fds, NM_START_FDS, &n_fds);
	bool ok = n > 0 && dispatch(e, buf, (size_t)n, fds, n_fds);

	for (unsigned i = 0; i < n_fds; i++)
		nm_prim_close(fds[i]);
	return ok || n < 0;
}
