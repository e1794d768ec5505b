// Programs, by what they run at. bcc's own macros for these would have it load and run them where it only compiles.

#define AT_TRACEPOINT(category, event) \
    int at_tracepoint__##category##__##event(struct tracepoint__##category##__##event *args)
#define AT_RAW_TRACEPOINT(event) int at_raw_tracepoint__##event(struct bpf_raw_tracepoint_args *ctx)
#define AT_UPROBE(function) int at_uprobe__##function(struct pt_regs *ctx)
#define AT_URETPROBE(function) int at_uretprobe__##function(struct pt_regs *ctx)
#define AT_SAMPLE(name) int at_sample__##name(struct bpf_perf_event_data *ctx)
