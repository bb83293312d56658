#!/bin/sh
# Scans the dataset and prints only what somebody must know, for cron mails whatever is printed.
# It needs no lock of its own: a scan ends with status 2 while another one writes the same OUT.
set -u

images=/data/photos
list=/data/train.txt
out=/data/nightly

# Interrupted, a scan keeps what it measured: status 130.
timeout --preserve-status --signal=INT 6h \
    sanitize scan "$images" --labels "$list" --no-images --max-bad 0.1% --quiet -o "$out"
status=$?

case $status in
0) ;;
1)
    echo "$images has more errors than may be; these and the rest are in $out/quarantine.csv:"
    head -n 21 "$out/quarantine.csv"
    ;;
2) echo "$images could not be scanned, see above; what is in $out is of an earlier night." ;;
130) echo "The scan of $images took too long; the next one goes on from there." ;;
*) echo "sanitize itself failed with status $status; $out/findings.jsonl says on which pictures, if it came so far." ;;
esac
exit "$status"
