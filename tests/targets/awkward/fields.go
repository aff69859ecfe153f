package main

// words has fields that are called like words of C, of clang's macros, of Linux's headers or of a release of bpftrace,
// and names that differ only by what an identifier of C cannot hold.
type words struct {
	string                                                 uint64
	buffer                                                 uint64
	inet                                                   uint64
	timestamp                                              uint64
	ksym_t                                                 uint64
	usym_t                                                 uint64
	kstack_t                                               uint64
	ustack_t                                               uint64
	username                                               uint64
	cgroup_path_t                                          uint64
	strerror_t                                             uint64
	hist_t                                                 uint64
	lhist_t                                                uint64
	count_t                                                uint64
	sum_t                                                  uint64
	min_t                                                  uint64
	max_t                                                  uint64
	avg_t                                                  uint64
	stats_t                                                uint64
	tseries_t                                              uint64
	mac_address                                            uint64
	bool                                                   uint64
	void                                                   uint64
	int8                                                   uint64
	int16                                                  uint64
	int32                                                  uint64
	int64                                                  uint64
	uint8                                                  uint64
	uint16                                                 uint64
	uint32                                                 uint64
	uint64                                                 uint64
	int                                                    uint64
	size_t                                                 uint64
	sizeof                                                 uint64
	offsetof                                               uint64
	let                                                    uint64
	macro                                                  uint64
	config                                                 uint64
	subprog                                                uint64
	unroll                                                 uint64
	while                                                  uint64
	fn                                                     uint64
	true                                                   uint64
	false                                                  uint64
	null                                                   uint64
	nil                                                    uint64
	NULL                                                   uint64
	typeof                                                 uint64
	typeinfo                                               uint64
	comptime                                               uint64
	record                                                 uint64
	enum                                                   uint64
	union                                                  uint64
	static                                                 uint64
	extern                                                 uint64
	volatile                                               uint64
	long                                                   uint64
	short                                                  uint64
	unsigned                                               uint64
	signed                                                 uint64
	char                                                   uint64
	float                                                  uint64
	double                                                 uint64
	begin                                                  uint64
	end                                                    uint64
	self                                                   uint64
	interval                                               uint64
	profile                                                uint64
	kprobe                                                 uint64
	kretprobe                                              uint64
	uprobe                                                 uint64
	uretprobe                                              uint64
	tracepoint                                             uint64
	usdt                                                   uint64
	rawtracepoint                                          uint64
	software                                               uint64
	hardware                                               uint64
	watchpoint                                             uint64
	asyncwatchpoint                                        uint64
	iter                                                   uint64
	fentry                                                 uint64
	fexit                                                  uint64
	bench                                                  uint64
	test                                                   uint64
	BEGIN                                                  uint64
	END                                                    uint64
	pid                                                    uint64
	tid                                                    uint64
	uid                                                    uint64
	gid                                                    uint64
	nsecs                                                  uint64
	elapsed                                                uint64
	numaid                                                 uint64
	cpu                                                    uint64
	ncpus                                                  uint64
	comm                                                   uint64
	kstack                                                 uint64
	ustack                                                 uint64
	stack                                                  uint64
	arg0                                                   uint64
	arg1                                                   uint64
	sarg0                                                  uint64
	args                                                   uint64
	retval                                                 uint64
	probe                                                  uint64
	curtask                                                uint64
	rand                                                   uint64
	ctx                                                    uint64
	cgroup                                                 uint64
	jiffies                                                uint64
	usermode                                               uint64
	cpid                                                   uint64
	print                                                  uint64
	printf                                                 uint64
	errorf                                                 uint64
	warnf                                                  uint64
	clear                                                  uint64
	zero                                                   uint64
	count                                                  uint64
	sum                                                    uint64
	avg                                                    uint64
	min                                                    uint64
	max                                                    uint64
	stats                                                  uint64
	hist                                                   uint64
	lhist                                                  uint64
	llhist                                                 uint64
	tseries                                                uint64
	str                                                    uint64
	buf                                                    uint64
	kptr                                                   uint64
	uptr                                                   uint64
	kaddr                                                  uint64
	uaddr                                                  uint64
	ntop                                                   uint64
	pton                                                   uint64
	reg                                                    uint64
	ksym                                                   uint64
	usym                                                   uint64
	strftime                                               uint64
	strncmp                                                uint64
	strcontains                                            uint64
	system                                                 uint64
	exit                                                   uint64
	cat                                                    uint64
	join                                                   uint64
	time                                                   uint64
	signal                                                 uint64
	override                                               uint64
	delete                                                 uint64
	has_key                                                uint64
	len                                                    uint64
	is_ptr                                                 uint64
	bswap                                                  uint64
	skboutput                                              uint64
	percpu_kaddr                                           uint64
	path                                                   uint64
	unwatch                                                uint64
	cgroupid                                               uint64
	cgroup_path                                            uint64
	macaddr                                                uint64
	strerror                                               uint64
	assert                                                 uint64
	stringify                                              uint64
	in                                                     uint64
	inline                                                 uint64
	typedef                                                uint64
	auto                                                   uint64
	register                                               uint64
	restrict                                               uint64
	do                                                     uint64
	asm                                                    uint64
	this                                                   uint64
	class                                                  uint64
	linux                                                  uint64
	unix                                                   uint64
	_Bool                                                  uint64
	__attribute__                                          uint64
	complex                                                uint64
	bool_t                                                 uint64
	uint                                                   uint64
	try                                                    uint64
	catch                                                  uint64
	new                                                    uint64
	operator                                               uint64
	template                                               uint64
	private                                                uint64
	public                                                 uint64
	friend                                                 uint64
	namespace                                              uint64
	using                                                  uint64
	virtual                                                uint64
	constexpr                                              uint64
	mutable                                                uint64
	explicit                                               uint64
	wchar_t                                                uint64
	any                                                    uint64
	error                                                  uint64
	rune                                                   uint64
	byte                                                   uint64
	uintptr                                                uint64
	append                                                 uint64
	cap                                                    uint64
	copy                                                   uint64
	make                                                   uint64
	map_                                                   uint64
	target                                                 uint64
	data                                                   uint64
	len_                                                   uint64
	gap0                                                   uint64
	ptr                                                    uint64
	m                                                      uint64
	g                                                      uint64
	T                                                      uint64
	_foo                                                   uint64
	__foo                                                  uint64
	foo_                                                   uint64
	foo                                                    uint64
	größe                                                  uint64
	grüße                                                  uint64
	名前                                                     uint64
	名字                                                     uint64
	gap16                                                  uint64
	gap1432                                                uint64
	_0                                                     uint64
	linux_                                                 uint64
	linux__                                                uint64
	Linux                                                  uint64
	LINUX                                                  uint64
	i386                                                   uint64
	Unix                                                   uint64
	class_                                                 uint64
	aVeryLongNameOfAFieldThatGoesOnAndOnAndOnUntilItIsCut1 uint64
	aVeryLongNameOfAFieldThatGoesOnAndOnAndOnUntilItIsCut2 uint64
	__GNUC__                                               uint64
	_LP64                                                  uint64
	CHAR_BIT                                               uint64
	INT_MAX                                                uint64
	typename                                               uint64
	alignas                                                uint64
	decltype                                               uint64
	co_await                                               uint64
	nullptr                                                uint64
	requires                                               uint64
	concept                                                uint64
	export                                                 uint64
	module                                                 uint64
	_Generic                                               uint64
	unlikely                                               uint64
	likely                                                 uint64
	current                                                uint64
	bitwise                                                uint64
	kbuild                                                 uint64
	KBUILD_MODNAME                                         uint64
	pid_t                                                  uint64
	time_t                                                 uint64
	u8                                                     uint64
	u32                                                    uint64
	s64                                                    uint64
	__u32                                                  uint64
	BIT                                                    uint64
	NR_CPUS                                                uint64
	stdin                                                  uint64
	errno                                                  uint64
	main                                                   uint64
	char16_t                                               uint64
	_Atomic                                                uint64
	_Float16                                               uint64
	half                                                   uint64
	vec_t                                                  uint64
	bpf                                                    uint64
	ebpf                                                   uint64
	x86_64                                                 uint64
	amd64                                                  uint64
	LINUX_VERSION_CODE                                     uint64
	false_                                                 uint64
}

// linux is a type that is called like a macro, and string_ one of whose names only one can stay.
type linux struct {
	unix linuxValue
	asm  string
}

type linuxValue struct{ string, buffer uint64 }

type string_ struct{ data, len uint64 }

//go:noinline
func showWords(x *words) {}

//go:noinline
func showLinux(l *linux, s *string_) {}

func runFields() {
	x := &words{}
	for i, field := range []*uint64{
		&x.string,
		&x.buffer,
		&x.inet,
		&x.timestamp,
		&x.ksym_t,
		&x.usym_t,
		&x.kstack_t,
		&x.ustack_t,
		&x.username,
		&x.cgroup_path_t,
		&x.strerror_t,
		&x.hist_t,
		&x.lhist_t,
		&x.count_t,
		&x.sum_t,
		&x.min_t,
		&x.max_t,
		&x.avg_t,
		&x.stats_t,
		&x.tseries_t,
		&x.mac_address,
		&x.bool,
		&x.void,
		&x.int8,
		&x.int16,
		&x.int32,
		&x.int64,
		&x.uint8,
		&x.uint16,
		&x.uint32,
		&x.uint64,
		&x.int,
		&x.size_t,
		&x.sizeof,
		&x.offsetof,
		&x.let,
		&x.macro,
		&x.config,
		&x.subprog,
		&x.unroll,
		&x.while,
		&x.fn,
		&x.true,
		&x.false,
		&x.null,
		&x.nil,
		&x.NULL,
		&x.typeof,
		&x.typeinfo,
		&x.comptime,
		&x.record,
		&x.enum,
		&x.union,
		&x.static,
		&x.extern,
		&x.volatile,
		&x.long,
		&x.short,
		&x.unsigned,
		&x.signed,
		&x.char,
		&x.float,
		&x.double,
		&x.begin,
		&x.end,
		&x.self,
		&x.interval,
		&x.profile,
		&x.kprobe,
		&x.kretprobe,
		&x.uprobe,
		&x.uretprobe,
		&x.tracepoint,
		&x.usdt,
		&x.rawtracepoint,
		&x.software,
		&x.hardware,
		&x.watchpoint,
		&x.asyncwatchpoint,
		&x.iter,
		&x.fentry,
		&x.fexit,
		&x.bench,
		&x.test,
		&x.BEGIN,
		&x.END,
		&x.pid,
		&x.tid,
		&x.uid,
		&x.gid,
		&x.nsecs,
		&x.elapsed,
		&x.numaid,
		&x.cpu,
		&x.ncpus,
		&x.comm,
		&x.kstack,
		&x.ustack,
		&x.stack,
		&x.arg0,
		&x.arg1,
		&x.sarg0,
		&x.args,
		&x.retval,
		&x.probe,
		&x.curtask,
		&x.rand,
		&x.ctx,
		&x.cgroup,
		&x.jiffies,
		&x.usermode,
		&x.cpid,
		&x.print,
		&x.printf,
		&x.errorf,
		&x.warnf,
		&x.clear,
		&x.zero,
		&x.count,
		&x.sum,
		&x.avg,
		&x.min,
		&x.max,
		&x.stats,
		&x.hist,
		&x.lhist,
		&x.llhist,
		&x.tseries,
		&x.str,
		&x.buf,
		&x.kptr,
		&x.uptr,
		&x.kaddr,
		&x.uaddr,
		&x.ntop,
		&x.pton,
		&x.reg,
		&x.ksym,
		&x.usym,
		&x.strftime,
		&x.strncmp,
		&x.strcontains,
		&x.system,
		&x.exit,
		&x.cat,
		&x.join,
		&x.time,
		&x.signal,
		&x.override,
		&x.delete,
		&x.has_key,
		&x.len,
		&x.is_ptr,
		&x.bswap,
		&x.skboutput,
		&x.percpu_kaddr,
		&x.path,
		&x.unwatch,
		&x.cgroupid,
		&x.cgroup_path,
		&x.macaddr,
		&x.strerror,
		&x.assert,
		&x.stringify,
		&x.in,
		&x.inline,
		&x.typedef,
		&x.auto,
		&x.register,
		&x.restrict,
		&x.do,
		&x.asm,
		&x.this,
		&x.class,
		&x.linux,
		&x.unix,
		&x._Bool,
		&x.__attribute__,
		&x.complex,
		&x.bool_t,
		&x.uint,
		&x.try,
		&x.catch,
		&x.new,
		&x.operator,
		&x.template,
		&x.private,
		&x.public,
		&x.friend,
		&x.namespace,
		&x.using,
		&x.virtual,
		&x.constexpr,
		&x.mutable,
		&x.explicit,
		&x.wchar_t,
		&x.any,
		&x.error,
		&x.rune,
		&x.byte,
		&x.uintptr,
		&x.append,
		&x.cap,
		&x.copy,
		&x.make,
		&x.map_,
		&x.target,
		&x.data,
		&x.len_,
		&x.gap0,
		&x.ptr,
		&x.m,
		&x.g,
		&x.T,
		&x._foo,
		&x.__foo,
		&x.foo_,
		&x.foo,
		&x.größe,
		&x.grüße,
		&x.名前,
		&x.名字,
		&x.gap16,
		&x.gap1432,
		&x._0,
		&x.linux_,
		&x.linux__,
		&x.Linux,
		&x.LINUX,
		&x.i386,
		&x.Unix,
		&x.class_,
		&x.aVeryLongNameOfAFieldThatGoesOnAndOnAndOnUntilItIsCut1,
		&x.aVeryLongNameOfAFieldThatGoesOnAndOnAndOnUntilItIsCut2,
		&x.__GNUC__,
		&x._LP64,
		&x.CHAR_BIT,
		&x.INT_MAX,
		&x.typename,
		&x.alignas,
		&x.decltype,
		&x.co_await,
		&x.nullptr,
		&x.requires,
		&x.concept,
		&x.export,
		&x.module,
		&x._Generic,
		&x.unlikely,
		&x.likely,
		&x.current,
		&x.bitwise,
		&x.kbuild,
		&x.KBUILD_MODNAME,
		&x.pid_t,
		&x.time_t,
		&x.u8,
		&x.u32,
		&x.s64,
		&x.__u32,
		&x.BIT,
		&x.NR_CPUS,
		&x.stdin,
		&x.errno,
		&x.main,
		&x.char16_t,
		&x._Atomic,
		&x._Float16,
		&x.half,
		&x.vec_t,
		&x.bpf,
		&x.ebpf,
		&x.x86_64,
		&x.amd64,
		&x.LINUX_VERSION_CODE,
		&x.false_,
	} {
		*field = 1000 + uint64(i)
	}
	showWords(x)
	showLinux(&linux{linuxValue{1, 2}, "three"}, &string_{4, 5})
}
