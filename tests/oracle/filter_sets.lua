-- SPDX-License-Identifier: MIT
-- For tshark -X lua_script: which frames pass each filter of the file $FILTERS, as lines
-- "number of the filter, frames, hash of their numbers". See filter-sets.
local sets, n = {}, 0

for line in io.lines(os.getenv("FILTERS")) do
	n = n + 1
	local set = { count = 0, hash = 1, n = n }
	local good, tap = pcall(Listener.new, "frame", line)

	if not good then
		io.stderr:write(line, ": ", tostring(tap), "\n")
	else
		function tap.packet(pinfo)
			set.count = set.count + 1
			set.hash = (set.hash * 31 + pinfo.number) % 4294967296
		end
	end
	sets[n] = set
end

local last = Listener.new("frame", "")

function last.draw()
	for _, s in ipairs(sets) do
		if s.count > 0 then
			print(string.format("%d %d %08x", s.n, s.count, s.hash))
		end
	end
end
